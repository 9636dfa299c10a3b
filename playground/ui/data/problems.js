const list = element.querySelector('.problems');
const piece = (name, text) => {
  const span = document.createElement('span');
  span.className = name;
  span.textContent = text;
  return span;
};
const line = (problem) => {
  const item = document.createElement('li');
  item.className = problem.kind;
  const mark = piece('mark', problem.mark);
  mark.setAttribute('aria-hidden', 'true');
  const said = piece('said', '');
  if (problem.word) said.append(piece('severity', problem.word + ': '));
  said.append(piece('message', problem.message));
  if (problem.way_out) said.append(' ', piece('way-out', problem.way_out));
  item.append(mark, said);
  return item;
};
const show = () => list.replaceChildren(...(props.value || []).map(line));
watch('value', show);
show();
