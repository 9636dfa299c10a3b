const line = element.querySelector('.notice');
const show = () => {
  const { text = '', tone = 'plain' } = props.value || {};
  line.textContent = text;
  line.className = 'notice ' + tone;
  line.setAttribute('role', tone === 'error' ? 'alert' : 'status');
  line.hidden = !text;
};
watch('value', show);
show();
