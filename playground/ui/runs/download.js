// A new address is fetched once; it works a single time, so the sentence says what to do next.
const line = element.querySelector('.download');
const show = () => {
  const { address, name, text } = props.value || {};
  line.hidden = !address;
  if (!address) return;
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  line.textContent = text;
};
watch('value', show);
