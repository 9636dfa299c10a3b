const box = element.querySelector('.prompt');
const show = () => {
  const { before = '', slot = '', after = '' } = props.value || {};
  const mark = document.createElement('mark');
  mark.className = 'slot';
  mark.textContent = slot;
  box.replaceChildren(before, ' ', mark, after);
};
watch('value', show);
show();
