// Held-out examples with every arm's answer, a page at a time, fetched from the server.
// Its value: {question, rule, version, filters, words}. All text is set as text.
const find = (name) => element.querySelector(`.examples-${name}`);
const bar = find('bar'), place = find('rows'), turning = find('turning');
let wanted = { a: '', b: '', show: 'all', page: 0 }, asked = 0, kept = '';

const button = (text, pressed, action) => {
  const made = make('button', 'chip-button', text);
  made.type = 'button';
  if (pressed !== null) made.setAttribute('aria-pressed', String(pressed));
  made.addEventListener('click', action);
  return made;
};
const choice = (label, names, chosen, change) => {
  const made = make('label', 'pick', `${label} `), select = make('select');
  for (const name of names) {
    const option = make('option', '', name);
    option.value = name;
    option.selected = name === chosen;
    select.append(option);
  }
  select.addEventListener('change', () => change(select.value));
  made.append(select);
  return made;
};
const go = (change) => { wanted = { ...wanted, ...change }; fetchPage(); };
const drawBar = (answer) => {
  const { filters, words } = props.value, names = answer.arms.map((arm) => arm.name);
  if (names.length < 2) { bar.replaceChildren(); return; }  // nothing to set side by side yet
  const [a, b] = answer.pair;
  const chips = make('span', 'chips');
  chips.setAttribute('role', 'group');
  for (const [kind, name] of Object.entries(filters)) {
    chips.append(button(`${name} ${count(answer.counts[kind])}`, answer.show === kind, () => go({ show: kind, page: 0 })));
  }
  bar.replaceChildren(chips, choice(words.from, names, a, (name) => go({ a: name, page: 0 })),
    choice(words.to, names, b, (name) => go({ b: name, page: 0 })));
};
const prose = (text) => {
  if (text.length <= 240) return make('span', '', text);
  const fold = make('details'), top = make('summary', '', text.slice(0, 220).trimEnd() + '… ');
  top.append(make('span', 'more', props.value.words.more));
  fold.append(top, make('span', '', text));
  return fold;
};
const row = (example, arms) => {
  const made = make('tr'), text = make('td', 'text');
  for (const [column, words] of example.texts) {
    const line = make('div');
    if (example.texts.length > 1) line.append(make('span', 'column', column));
    line.append(prose(words));
    text.append(line);
  }
  made.append(text, make('td', 'truth', example.label));
  example.answers.forEach((answer, index) => {
    const { words } = props.value, cell = make('td', answer.right ? 'answer is-right' : 'answer is-wrong');
    const mark = make('span', 'mark', answer.right ? '✓' : '✗');
    mark.setAttribute('role', 'img');
    mark.setAttribute('aria-label', answer.right ? words.right : words.wrong);
    cell.append(mark, ` ${answer.label} `, make('span', 'probability', answer.probability.toFixed(2)));
    cell.title = `${arms[index].name}: ${answer.right ? words.right : words.wrong}`;
    made.append(cell);
  });
  return made;
};
const draw = (answer) => {
  const { words } = props.value;
  drawBar(answer);
  const table = make('table'), top = make('thead'), body = make('tbody'), line = make('tr');
  const heads = [make('th', 'text', ''), make('th', 'truth', words.truth)];
  heads[0].textContent = words.text;
  for (const arm of answer.arms) {
    const cell = make('th'), name = make('span', 'arm-name');
    name.append(swatch(arm), make('span', '', arm.name));
    cell.append(name);
    heads.push(cell);
  }
  heads.forEach((cell) => { cell.scope = 'col'; });
  line.append(...heads);
  top.append(line);
  body.append(...answer.rows.map((example) => row(example, answer.arms)));
  table.append(top, body);
  place.replaceChildren(answer.rows.length ? table : make('p', 'none', words.none));
  const earlier = button(words.earlier, null, () => go({ page: answer.page - 1 }));
  const later = button(words.later, null, () => go({ page: answer.page + 1 }));
  earlier.disabled = answer.page === 0;
  later.disabled = answer.page >= answer.pages - 1;
  turning.replaceChildren(earlier, make('span', '', `${answer.page + 1} / ${answer.pages}`), later);
  place.dataset.rows = String(answer.rows.length);
};
const fetchPage = async () => {
  const value = props.value || {};
  if (!value.question || !value.version) return;
  const mine = ++asked;
  place.classList.add('waiting');
  try {
    const answer = await server.example_page({ question: value.question, rule: value.rule, ...wanted });
    if (mine !== asked) return;
    if (answer.problem) place.replaceChildren(make('p', 'none', answer.problem));
    else draw(answer);
  } catch {
    if (mine === asked) place.replaceChildren(make('p', 'none', value.words.lost));
  } finally { if (mine === asked) place.classList.remove('waiting'); }
};
const renew = () => {
  const value = props.value || {};
  if (value.question !== kept) wanted = { a: '', b: '', show: 'all', page: 0 };
  kept = value.question;
  fetchPage();
};
watch('value', renew);
renew();
