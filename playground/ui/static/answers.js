// What every arm says to a typed text: a bar for each label, and the very prompt that was sent.
// Its value: {answers, empty, words}. All text is set as text.
const place = element.querySelector('.answers');
const MOST = 4;  // labels with a bar; the rest are counted

const bars = (answer) => {
  const list = make('div', 'beliefs');
  const ranked = [...answer.beliefs].sort((one, other) => other[1] - one[1]);
  for (const [label, belief] of ranked.slice(0, MOST)) {
    const line = make('div', label === answer.label ? 'belief-line chosen' : 'belief-line');
    const track = make('span', 'track'), fill = make('span', 'fill');
    fill.style.width = `${(100 * belief).toFixed(1)}%`;
    fill.style.background = answer.colour;
    track.append(fill);
    line.append(make('span', 'label', label), track, make('span', 'number', belief.toFixed(2)));
    list.append(line);
  }
  if (ranked.length > MOST) list.append(make('div', 'rest', `${ranked.length - MOST} ${props.value.words.others}`));
  return list;
};
const block = (answer) => {
  const made = make('article', 'said'), top = make('div', 'said-top'), { words } = props.value;
  made.dataset.arm = answer.arm;
  top.append(swatch(answer), make('strong', '', answer.arm), make('span', 'verdict-word', answer.label));
  made.append(top, bars(answer));
  const fold = make('details'), summary = make('summary', '', words.prompt), prompt = make('pre', '', answer.prompt);
  prompt.tabIndex = 0;
  fold.append(summary, prompt);
  if (answer.written) fold.append(make('p', 'written-head', words.written), make('pre', '', answer.written));
  fold.append(make('p', 'cost', answer.cost));
  made.append(fold);
  return made;
};
const show = () => {
  const { answers = [], empty = '', busy = '' } = props.value || {};
  place.dataset.answers = String(answers.length);
  place.replaceChildren(...(answers.length ? answers.map(block) : [make('p', 'none', busy || empty)]));
};
watch('value', show);
show();
