const line = element.querySelector('.tokens');
const list = element.querySelector('.label-words');
const piece = (name, text) => {
  const span = document.createElement('span');
  span.className = name;
  span.textContent = text;
  return span;
};
const word = (check, severity) => {
  const item = document.createElement('li');
  const tokens = check.tokens.map((token) => piece('token', token.trim() || token));
  const label = check.label === check.word ? [] : [piece('label', check.label), ' → '];
  item.append(...label, ...tokens, ' ', piece('prior', check.prior));
  if (check.problem) {
    const odd = piece('odd', '');
    odd.append(piece('severity', '! ' + severity + ': '), check.problem);
    item.append(odd);
  }
  return item;
};
const show = () => {
  const { tokens = '', words = [], fine = '', severity = '', busy, failed } = props.value || {};
  line.textContent = tokens;
  line.className = 'tokens' + (busy ? ' busy' : '') + (failed ? ' failed' : '');
  list.replaceChildren(...words.map((check) => word(check, severity)));
  if (fine) list.append(Object.assign(document.createElement('li'), { className: 'fine', textContent: '✓ ' + fine }));
};
watch('value', show);
show();
