// The list of runs. All text from people goes through textContent.
// The ticks are this script's own: `value` is written nowhere else (see run_list.py).
const body = element.querySelector('tbody');
const table = element.querySelector('.run-list');
const empty = element.querySelector('.run-empty');
const MARKS = { finished: '✓', running: '▶', starting: '▶', stopping: '▶', queued: '…', stopped: '■', failed: '✗', died: '✗', damaged: '✗' };
const rows = new Map();  // id -> its row, kept from look to look: a press may be going on in it
let runs = null, problem = '', busy = false, again = false;

const wanted = () => props.looked_for || {};
const chosen = () => (props.value || {}).chosen || [];
const ticks = () => (props.value || {}).ticks || 0;
const make = (tag, name, text) => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
};
const when = (seconds) => new Date(seconds * 1000).toLocaleString(undefined,
  { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });

const choose = (ids) => {
  props.value = { chosen: ids, ticks: ticks() + 1 };
  trigger('input');
};

const begun = (id) => {
  const row = make('tr'), tick = make('td', 'run-tick'), name = make('th'), state = make('td', 'run-state');
  const box = Object.assign(make('input'), { type: 'checkbox', checked: chosen().includes(id) });
  box.addEventListener('change', () => {
    const others = chosen().filter((one) => one !== id);
    choose(box.checked ? [...others, id] : others);
    row.classList.toggle('chosen', box.checked);
  });
  row.addEventListener('click', (event) => { if (event.target !== box) box.click(); });
  name.scope = 'row';
  tick.append(box);
  row.append(tick, name, make('td'), make('td'), state, make('td', 'number'), make('td', 'number'), make('td', 'number'));
  return { row, box, name, state, drawn: '' };
};

const fill = (line, run) => {
  const { row, box, name, state } = line, picture = JSON.stringify(run);
  if (line.drawn === picture) return;
  line.drawn = picture;
  row.className = `run ${run.status}${box.checked ? ' chosen' : ''}`;
  box.setAttribute('aria-label', `${wanted().choose} ${run.name}`);
  name.replaceChildren(make('span', 'run-name', run.name));
  if (run.name !== run.method) name.append(make('span', 'run-method', run.method));
  if (run.shared) name.append(make('span', 'run-shared', run.shared));
  const mark = make('span', 'mark', MARKS[run.status] || '');
  mark.setAttribute('aria-hidden', 'true');
  state.replaceChildren(mark, ' ' + run.state);
  if (run.progress !== null) state.append(Object.assign(make('progress'), { max: 1, value: run.progress }));
  const [, , data, model, , verdict, cost, created] = row.cells;
  data.textContent = run.data;
  model.textContent = run.model;
  verdict.textContent = run.verdict;
  cost.textContent = run.cost;
  created.textContent = when(run.created);
};

const draw = () => {
  const ids = runs.map((run) => run.id);
  for (const id of rows.keys()) if (!ids.includes(id)) { rows.get(id).row.remove(); rows.delete(id); }
  runs.forEach((run, place) => {
    if (!rows.has(run.id)) rows.set(run.id, begun(run.id));
    const line = rows.get(run.id);
    fill(line, run);
    if (body.children[place] !== line.row) body.insertBefore(line.row, body.children[place] || null);
  });
  table.hidden = !runs.length;
  empty.hidden = runs.length > 0;
  empty.textContent = problem || wanted().empty;
  const there = chosen().filter((id) => rows.has(id));
  if (!problem && there.length < chosen().length) choose(there);  // deleted, here or in another tab
};

const poll = async () => {
  if (!wanted().owner || document.visibilityState !== 'visible' || !element.offsetParent) return;
  if (busy) return;
  busy = true;
  try { ({ runs, problem = '' } = await server.list_runs({ owner: wanted().owner, also: wanted().also })); draw(); } catch { /* asked again */ } finally { busy = false; }
  if (again) look();
};
const look = () => { again = busy; poll(); };  // what is on its way may be of before
watch('looked_for', look);
watch('shown', () => { if (props.shown !== ticks()) trigger('input'); });
new ResizeObserver(poll).observe(element);
const timer = setInterval(() => (element.isConnected ? poll() : clearInterval(timer)), 2000);
table.hidden = true;
poll();
