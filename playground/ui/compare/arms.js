// The table of arms: one row each, those still being asked with how far they are.
const COLUMNS = ['accuracy', 'macro_f1', 'seconds', 'trainable', 'bytes', 'difference'];
const place = element.querySelector('.arms');
const left = pacer();

const head = (names, help) => {
  const row = make('tr');
  for (const column of ['arm', ...COLUMNS]) {
    const cell = make('th', column, names[column]);
    cell.scope = 'col';
    if (help[column]) { cell.title = help[column]; cell.classList.add('explained'); }
    row.append(cell);
  }
  return row;
};
const named = (look, name) => {
  const cell = make('th', 'arm');
  cell.scope = 'row';
  const line = make('span', 'arm-name');
  if (look.colour) line.append(swatch(look));
  line.append(make('span', '', name));
  cell.append(line);
  return cell;
};
const done = (arm) => {
  const row = make('tr');
  row.append(named(arm, arm.arm));
  for (const column of COLUMNS) {
    const cell = make('td', column);
    if (column === 'accuracy') cell.append(make('strong', '', arm.accuracy), make('span', 'interval', arm.interval));
    else cell.textContent = arm[column] || '–';
    row.append(cell);
  }
  if (!arm.note) return [row];
  const note = make('tr', 'note'), cell = make('td', '', arm.note);
  cell.colSpan = COLUMNS.length + 1;
  note.append(cell);
  return [row, note];
};
const pending = (arm) => {
  const row = make('tr', 'pending'), cell = make('td');
  cell.colSpan = COLUMNS.length;
  if (arm.state === 'asking' || arm.done) {
    const bar = make('progress');
    bar.max = arm.total;
    bar.value = arm.done;
    bar.setAttribute('aria-label', `${arm.name} asked`);
    cell.append(bar);
  }
  const far = arm.done ? ` ${count(arm.done)} of ${count(arm.total)}${left(arm.name, arm.done, arm.total)}` : '';
  cell.append(make('span', '', arm.message || arm.state + far));
  row.append(named({}, arm.name), cell);
  return row;
};
const show = () => {
  const { rows = [], pending: coming = [], head: names, help } = props.value || {};
  if (!rows.length && !coming.length) { place.replaceChildren(); return; }
  const table = make('table'), top = make('thead'), body = make('tbody');
  top.append(head(names, help));
  body.append(...rows.flatMap(done), ...coming.map(pending));
  table.append(top, body);
  place.replaceChildren(table);
  place.dataset.arms = String(rows.length);
};
watch('value', show);
show();
