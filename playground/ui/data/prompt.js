const box = element.querySelector('.prompt');
let shown = null;
const show = () => {
  const { before = '', slot = '', after = '', of = '', late = false } = props.value || {};
  if (late && of !== shown) return;  // the model's answer to what was typed before
  shown = of;
  const mark = document.createElement('mark');
  mark.className = 'slot';
  mark.textContent = slot;
  box.replaceChildren(before, ' ', mark, after);
};
watch('value', show);
show();
