// Cards of finished runs, base by base. All text from people goes through textContent.
// What is ticked and pressed is this script's own: `value` is written nowhere else (task_shelf.py).
const shelf = element.querySelector('.shelf');
const empty = element.querySelector('.shelf-empty');
let bases = null, busy = false, again = false, drawn = '';

const value = () => props.value || {};
const send = (change) => { props.value = { ...value(), ...change }; trigger('input'); };
const tick = (id, on) => {
  const off = (value().off || []).filter((one) => one !== id);
  send({ off: on ? off : [...off, id], ask: '' });
};

const card = (task) => {
  const made = make('li', 'task-card'), top = make('label', 'task-top');
  const box = Object.assign(make('input'), { type: 'checkbox', checked: !(value().off || []).includes(task.id) });
  box.setAttribute('aria-label', `${props.words.tick} ${task.name}`);
  box.dataset.focus = `tick ${task.id}`;
  box.addEventListener('change', () => { tick(task.id, box.checked); made.classList.toggle('off', !box.checked); });
  made.classList.toggle('off', !box.checked);
  made.dataset.run = task.id;
  top.append(box, swatch(task), make('strong', 'task-name', task.name));
  const ask = Object.assign(make('button', 'task-ask', props.words.askOne), { type: 'button' });
  ask.setAttribute('aria-label', `${props.words.askOne}: ${task.name}`);
  ask.dataset.focus = `ask ${task.id}`;
  ask.addEventListener('click', () => send({ ask: task.id }));
  made.append(top, make('p', 'task-about', task.about), make('p', 'task-reads', task.reads),
    make('p', 'task-data', task.data), ask);
  return made;
};
const base = (one) => {
  const made = make('section', 'task-base'), cards = make('ul', 'task-cards');
  cards.append(...one.cards.map(card));
  made.append(make('h3', '', one.model), make('p', 'task-total', one.total), cards);
  return made;
};

const draw = () => {
  const picture = JSON.stringify(bases);  // a tick is drawn already: a press may be going on here
  if (!bases || picture === drawn) return;
  drawn = picture;
  const focused = shelf.contains(document.activeElement) && document.activeElement.dataset.focus;
  shelf.replaceChildren(...bases.map(base));
  const again = focused && [...shelf.querySelectorAll('[data-focus]')].find((one) => one.dataset.focus === focused);
  if (again) again.focus();
  empty.hidden = bases.length > 0;
  empty.textContent = props.words.empty;
};

const poll = async () => {
  if (busy || !value().owner || document.visibilityState !== 'visible' || !element.offsetParent) return;
  busy = true;
  try { bases = (await server.list_tasks({ owner: value().owner, also: value().also })).bases; draw(); } catch { /* asked again */ } finally { busy = false; }
  if (again) look();
};
const look = () => {  // what is on its way may be of before
  props.value = { ...value(), ...props.looked_for };
  again = busy;
  poll();
};
watch('looked_for', look);
new ResizeObserver(poll).observe(element);
const timer = setInterval(() => (element.isConnected ? poll() : clearInterval(timer)), 3000);
look();
