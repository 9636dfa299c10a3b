// The list of runs. All text from people goes through textContent.
const body = element.querySelector('tbody');
const table = element.querySelector('.run-list');
const empty = element.querySelector('.run-empty');
const MARKS = { finished: '✓', running: '▶', starting: '▶', stopping: '▶', queued: '…', stopped: '■', failed: '✗', died: '✗', damaged: '✗' };
let runs = null, problem = '', busy = false, drawn = '';

const value = () => props.value || {};
const make = (tag, name, text) => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
};
const when = (seconds) => new Date(seconds * 1000).toLocaleString(undefined,
  { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });

const choose = (id, on) => {
  const chosen = (value().chosen || []).filter((one) => one !== id);
  props.value = { ...value(), chosen: on ? [...chosen, id] : chosen };
  trigger('input');
};

const line = (run) => {
  const row = make('tr', 'run ' + run.status);
  const box = Object.assign(make('input'), { type: 'checkbox', checked: (value().chosen || []).includes(run.id) });
  box.setAttribute('aria-label', `${value().choose} ${run.name}`);
  box.dataset.run = run.id;
  box.addEventListener('change', () => { choose(run.id, box.checked); row.classList.toggle('chosen', box.checked); });
  row.classList.toggle('chosen', box.checked);
  row.addEventListener('click', (event) => { if (event.target !== box) box.click(); });
  const name = make('th');
  name.scope = 'row';
  name.append(make('span', 'run-name', run.name));
  if (run.name !== run.method) name.append(make('span', 'run-method', run.method));
  if (run.shared) name.append(make('span', 'run-shared', run.shared));
  const state = make('td', 'run-state');
  const mark = make('span', 'mark', MARKS[run.status] || '');
  mark.setAttribute('aria-hidden', 'true');
  state.append(mark, ' ' + run.state);
  if (run.progress !== null) state.append(Object.assign(make('progress'), { max: 1, value: run.progress }));
  const tick = make('td', 'run-tick');
  tick.append(box);
  row.append(tick, name, make('td', '', run.data), make('td', '', run.model), state,
    make('td', 'number', run.verdict), make('td', 'number', run.cost), make('td', 'number', when(run.created)));
  return row;
};

const draw = () => {
  const picture = JSON.stringify([runs, problem, value().chosen]);
  if (!runs || picture === drawn) return;
  drawn = picture;
  const focused = document.activeElement && document.activeElement.dataset.run;
  body.replaceChildren(...runs.map(line));
  const again = focused && [...body.querySelectorAll('input')].find((box) => box.dataset.run === focused);
  if (again) again.focus();
  table.hidden = !runs.length;
  empty.hidden = runs.length > 0;
  empty.textContent = problem || value().empty;
};

const poll = async () => {
  if (busy || !value().owner || document.visibilityState !== 'visible' || !element.offsetParent) return;
  busy = true;
  try { ({ runs, problem = '' } = await server.list_runs({ owner: value().owner, also: value().also })); draw(); } catch { /* asked again */ } finally { busy = false; }
};
watch('value', () => { draw(); poll(); });
new ResizeObserver(poll).observe(element);
const timer = setInterval(() => (element.isConnected ? poll() : clearInterval(timer)), 2000);
table.hidden = true;
poll();
