// What every arm says to a typed text, a line each; unfolded: every label, and the very prompt sent.
// Its value: {answers, empty, words}. All text is set as text.
const place = element.querySelector('.answers');
const MOST = 12;  // labels with a bar; the rest are counted

const bar = (probability, colour, faint) => {
  const track = make('span', 'track'), fill = make('span', faint ? 'fill faint' : 'fill');
  fill.style.width = `${(100 * probability).toFixed(1)}%`;
  fill.style.background = colour;
  track.append(fill);
  return track;
};
const line = (label, probability, colour, faint) => {
  const made = make('div', 'probability-line');
  made.append(make('span', 'label', label), bar(probability, colour, faint), make('span', 'number', probability.toFixed(2)));
  return made;
};
const inside = (answer) => {
  const { words } = props.value, ranked = [...answer.probabilities].sort((one, other) => other[1] - one[1]);
  const made = make('div', 'reply-inside'), prompt = make('pre', '', answer.prompt);
  made.append(...ranked.slice(0, MOST).map(([label, probability]) => line(label, probability, answer.colour, label !== answer.label)));
  if (ranked.length > MOST) made.append(make('p', 'rest', `${ranked.length - MOST} ${words.others}`));
  prompt.tabIndex = 0;
  made.append(make('p', 'rest', words.prompt), prompt);
  if (answer.written) made.append(make('p', 'rest', words.written), make('pre', '', answer.written));
  made.append(make('p', 'rest', answer.cost));
  return made;
};
const reply = (answer) => {
  const made = make('details', 'reply'), top = make('summary', 'reply-top');
  const probability = Math.max(...answer.probabilities.map((one) => one[1]));
  made.dataset.arm = answer.arm;
  top.append(swatch(answer), make('span', 'reply-arm', answer.arm), make('strong', 'reply-label', answer.label),
    bar(probability, answer.colour, false), make('span', 'number', probability.toFixed(2)));
  made.append(top, inside(answer));
  return made;
};
const show = () => {
  const { answers = [], empty = '', busy = '' } = props.value || {};
  place.dataset.answers = String(answers.length);
  place.replaceChildren(...(answers.length ? answers.map(reply) : [make('p', 'none', busy || empty)]));
};
watch('value', show);
show();
