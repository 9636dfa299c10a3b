// The methods: a box to tick, the cost, and unfolded what it does and its settings. SAYS holds the
// cards. Triggers 'ticked' and 'touched'; the costs come as a property of their own, and with them
// the default rate for the chosen model.
const place = element.querySelector('.method-list');
const rows = new Map();

const value = () => props.value || {};
const changed = (name) => (value().settings || {})[name] || {};
const send = (change, event) => { props.value = { ...value(), ...change }; trigger(event); };
const tick = (name, on) => {
  const others = (value().ticked || []).filter((one) => one !== name);
  send({ ticked: on ? [...others, name] : others }, 'ticked');
};
const usual = (name, setting) => (
  (setting.name === 'learning_rate' && (props.costs || {})[name]?.rate) || setting.default);
const set = (name, setting, given) => {
  const kept = { ...changed(name), [setting.name]: given };
  if (given === usual(name, setting)) delete kept[setting.name];
  send({ settings: { ...value().settings, [name]: kept } }, 'touched');
  const again = rows.get(name).reset;
  if (again) again.hidden = !Object.keys(kept).length;
};

const input = (name, setting) => {
  const given = setting.name in changed(name) ? changed(name)[setting.name] : usual(name, setting);
  if (setting.choices.length) {
    const made = make('select');
    made.append(...setting.choices.map((one) => Object.assign(make('option', '', one), { value: one })));
    made.value = given;
    made.addEventListener('change', () => set(name, setting, made.value));
    return made;
  }
  const kind = { bool: 'checkbox', str: 'text' }[setting.kind] || 'number';
  const made = Object.assign(make('input'), { type: kind, autocomplete: 'off' });
  if (kind === 'checkbox') made.checked = given; else made.value = String(given ?? '');
  if (kind === 'number') made.step = 'any';
  if (kind === 'text') made.maxLength = setting.most;
  const read = () => {
    if (kind === 'checkbox') return made.checked;
    if (kind === 'text') return made.value;
    return made.value === '' ? null : Number(made.value);
  };
  made.addEventListener('input', () => set(name, setting, read()));
  return made;
};
const field = (name, setting) => {
  const made = make('div', `setting ${setting.kind}`), said = make('label', 'setting-name', setting.label);
  const widget = input(name, setting), help = make('span', 'setting-help', setting.help);
  widget.id = `setting-${name}-${setting.name}`;
  help.id = `${widget.id}-help`;
  said.htmlFor = widget.id;
  widget.setAttribute('aria-describedby', help.id);
  made.append(said, widget, help);
  return made;
};
const fields = (card) => {
  const made = make('div', 'setting-grid');
  made.append(...card.settings.map((setting) => field(card.name, setting)));
  return made;
};
// Accuracy against the rate on a logarithmic axis, a line for each set.
const WIDTH = 340, HEIGHT = 164, LEFT = 38, RIGHT = 84, TOP = 34, BOTTOM = 24, DASHES = ['solid', 'dash', 'dot'];
const told = (rate) => rate.toExponential().replace('e-', 'e\u2212').replace('e+0', '');
const ratePlot = (card) => {
  const sets = Object.entries(card.rates), figure = make('figure', 'method-rates');
  const rates = [SAYS.shared, card.rate, ...sets.flatMap(([, points]) => points.map(([rate]) => rate))].map(Math.log10);
  const low = Math.min(...rates), span = Math.max(...rates) - low || 1;
  const x = (rate) => LEFT + (WIDTH - LEFT - RIGHT) * (Math.log10(rate) - low) / span;
  const y = (share) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
  const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' });
  const line = (from, to, more) => drawing.append(svg('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: 'currentColor', ...more }));
  const text = (said, place, anchor) => {
    const made = svg('text', { x: place[0], y: place[1], 'text-anchor': anchor, fill: 'currentColor' });
    made.textContent = said;
    drawing.append(made);
  };
  for (const share of [0, 0.5, 1]) {
    line([LEFT, y(share)], [WIDTH - RIGHT, y(share)], { opacity: 0.2 });
    text(percent(share), [LEFT - 6, y(share) + 4], 'end');
  }
  const marked = card.rate === SAYS.shared ? [[card.rate, SAYS.words.default]]
    : [[card.rate, SAYS.words.default], [SAYS.shared, SAYS.words.shared]];
  for (const [rate, said] of marked) {
    const right = x(rate) > (LEFT + WIDTH - RIGHT) / 2;
    const above = TOP - (rate === card.rate ? 22 : 8);  // a line of its own for each
    line([x(rate), above + 4], [x(rate), HEIGHT - BOTTOM], { opacity: 0.6, 'stroke-dasharray': rate === card.rate ? '' : '2 3' });
    text(said, [x(rate), above], marked.length > 1 ? (right ? 'end' : 'start') : 'middle');
    text(told(rate), [x(rate), HEIGHT - 8], 'middle');
  }
  const ends = sets.map(([name, points]) => [name, points.at(-1)[1]]).sort((one, other) => other[1] - one[1]);
  let lowest = -Infinity;
  for (const [name, share] of ends) {  // labels beside the lines' ends, never over one another
    lowest = Math.max(y(share), lowest + 13);
    text(name, [WIDTH - RIGHT + 8, lowest + 4], 'start');
  }
  sets.forEach(([, points], i) => {
    drawing.append(svg('polyline', { points: points.map(([rate, share]) => `${x(rate)},${y(share)}`).join(' '), fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-dasharray': STROKES[DASHES[i % DASHES.length]] }));
    for (const [rate, share] of points) drawing.append(svg('circle', { cx: x(rate), cy: y(share), r: 2.5, fill: 'currentColor' }));
  });
  drawing.setAttribute('aria-label', sets.map(([name, points]) => `${name}: ${points.map(([rate, share]) => `${percent(share)} at ${told(rate)}`).join(', ')}`).join('; '));
  figure.append(drawing, make('figcaption', '', `${SAYS.words.rates} ${card.source}`));
  return figure;
};
const inside = (card, row) => {
  const paper = Object.assign(make('a', '', SAYS.words.paper), { href: card.paper, target: '_blank', rel: 'noopener' });
  const about = make('div', 'method-about'), link = make('p');
  link.append(paper);
  about.append(...card.about.map((text) => make('p', '', text)), link);
  row.reset = Object.assign(make('button', 'method-reset', SAYS.words.reset), { type: 'button' });
  row.reset.hidden = !Object.keys(changed(card.name)).length;
  row.reset.addEventListener('click', () => {
    send({ settings: { ...value().settings, [card.name]: {} } }, 'touched');
    row.panel.querySelector('.setting-grid').replaceWith(fields(card));
    row.reset.hidden = true;
  });
  about.append(Object.keys(card.rates).length ? ratePlot(card) : make('p', '', card.source));
  row.panel.append(fields(card), row.reset, about);
};
const unfold = (card, row) => {
  const open = row.button.getAttribute('aria-expanded') !== 'true';
  if (open && !row.panel.childElementCount) inside(card, row);
  row.button.setAttribute('aria-expanded', String(open));
  row.panel.hidden = !open;
};
const method = (card) => {
  const made = make('li', 'method'), top = make('div', 'method-top'), said = make('label', 'method-title');
  const box = Object.assign(make('input'), { type: 'checkbox', checked: (value().ticked || []).includes(card.name) });
  const cost = make('span', 'method-cost', SAYS.words.counting), panel = make('div', 'method-settings');
  const button = Object.assign(make('button', 'method-unfold'), { type: 'button', title: card.unfold });
  const row = { box, cost, panel, button, made };
  made.id = `method-${card.name}`;
  panel.id = `settings-${card.name}`;
  cost.id = `cost-${card.name}`;
  panel.hidden = true;
  box.setAttribute('aria-describedby', cost.id);
  button.setAttribute('aria-label', card.unfold);
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-controls', panel.id);
  box.addEventListener('change', () => tick(card.name, box.checked));
  button.addEventListener('click', () => unfold(card, row));
  said.append(box, make('span', '', card.title));
  top.append(said, cost, button);
  made.append(top, panel);
  rows.set(card.name, row);
  return made;
};
const list = (cards) => { const made = make('ul', 'method-rows'); made.append(...cards.map(method)); return made; };

// A cost wraps between its parts only.
const unbroken = (text) => text.split(' · ').flatMap((part, i, parts) => (
  parts.length > 1 ? [make('span', 'part', i + 1 < parts.length ? `${part} ·` : part), ' '] : [part]));
const price = () => {
  for (const [name, cost] of Object.entries(props.costs || {})) {
    const { box, cost: line, panel, made } = rows.get(name) || {};
    if (!box) continue;
    const rate = panel.querySelector(`#setting-${name}-learning_rate`);
    if (rate && cost.rate && !('learning_rate' in changed(name))) rate.value = String(cost.rate);
    line.replaceChildren(...unbroken(cost.line));
    made.classList.toggle('refused', cost.refused);
    box.disabled = cost.refused;
    if (cost.refused && box.checked) { box.checked = false; tick(name, false); }
  }
};
const others = () => {
  const made = make('details', 'more-methods');
  made.append(make('summary', '', SAYS.words.more));
  for (const [title, cards] of SAYS.shelves) made.append(make('h4', '', title), list(cards));
  made.open = Boolean(value().unfolded);
  made.addEventListener('toggle', () => { if (made.open !== Boolean(value().unfolded)) send({ unfolded: made.open }, 'touched'); });
  return made;
};
place.replaceChildren(list(SAYS.first), others());
watch('costs', price);
price();
