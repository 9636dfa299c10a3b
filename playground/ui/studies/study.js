// The folded study: its figures are fetched and drawn when it is opened for the first time.
const fold = element.querySelector('.study'), inside = element.querySelector('.study-inside');
let told = null, asked = null, charts = [];

const drawAll = async () => {
  if (!charts.length || !fold.open) return;
  const Plotly = await window.playground.plotly();
  for (const { chart, figure } of charts) {
    await Plotly.react(chart, figure.data, window.playground.layout(figure.layout), { ...window.playground.config, displayModeBar: false });
    chart.dataset.drawn = '1';
  }
};
const cells = (tag, texts) => {
  const line = make('tr');
  texts.forEach((text, at) => {
    const cell = make(at ? tag : 'th', '', text);
    if (cell.tagName === 'TH') cell.scope = tag === 'th' ? 'col' : 'row';
    line.append(cell);
  });
  return line;
};
const tableOf = ({ caption, heads, rows }) => {
  const place = make('div', 'study-table'), made = make('table'), top = make('thead'), body = make('tbody');
  place.tabIndex = 0;
  place.setAttribute('role', 'region');
  place.setAttribute('aria-label', caption);
  top.append(cells('th', heads));
  body.append(...rows.map((row) => cells('td', row)));
  made.append(make('caption', '', caption), top, body);
  place.append(made);
  return place;
};
const panel = ({ title, figure }) => {
  const made = make('div', 'study-panel'), chart = make('div', 'figure');
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', figure.alt);
  made.append(make('h3', '', title), chart);
  charts.push({ chart, figure });
  return made;
};
const keyOf = ({ key, marks }) => {
  const made = make('p', 'study-key');
  for (const one of key) {
    const entry = make('span');
    entry.append(swatch(one), ` ${one.text}`);
    made.append(entry);
  }
  made.append(...marks.map((mark) => make('span', '', mark)));
  return made;
};
const folded = ({ title, help, lines }) => {
  const made = make('details', 'study-more');
  made.append(make('summary', '', title));
  if (help) made.append(make('p', 'study-quiet', help));
  made.append(...lines.map((line) => make('pre', '', line)));
  return made;
};
const write = () => {
  const grid = make('div', 'study-panels');
  charts = [];
  grid.append(...told.panels.map(panel));
  inside.replaceChildren(
    ...told.findings.map((line) => make('p', 'study-finding', line)), keyOf(told), grid,
    ...told.method.map((line) => make('p', 'study-quiet', line)),
    ...told.tables.map(tableOf), ...told.folds.map(folded),
  );
};
const fetched = async () => {
  inside.textContent = props.value.loading;
  told = await server.study_figures({});
  write();
};
const open = async () => {
  if (!fold.open) return;
  try {
    asked = asked || fetched();  // once, however often it is folded in the meantime
    await asked;
    await drawAll();
  } catch {
    inside.textContent = props.value.lost;
    asked = null;
    charts = [];
  }
};
fold.addEventListener('toggle', open);
window.playground.onTheme(() => drawAll().catch(() => {}), element);
new ResizeObserver(() => {
  for (const { chart } of charts) if (chart.data && chart.offsetWidth) window.Plotly.Plots.resize(chart);
}).observe(inside);
open();  // it may have been unfolded before this ran
