// The chips of the head: model and data come from events, device and queue are asked for.
const chip = (name) => element.querySelector(`[data-chip="${name}"]`);
const put = (name, text) => {
  const place = chip(name);
  if (text && place.textContent !== text) { place.textContent = text; place.title = text; }
};
const projector = element.querySelector('[data-tool="projector"]');
const theme = element.querySelector('[data-tool="theme"]');
let busy = false, known = '';

const tools = () => {
  projector.setAttribute('aria-pressed', String(window.playground.isProjector()));
  theme.textContent = window.playground.isDark() ? theme.dataset.light : theme.dataset.dark;
};
projector.addEventListener('click', () => { window.playground.setProjector(!window.playground.isProjector()); tools(); });
theme.addEventListener('click', () => { window.playground.setDark(!window.playground.isDark()); tools(); });
window.playground.onTheme(tools, element);
tools();

const show = () => {
  const { owner, model, data } = props.value || {};
  put('model', model);
  put('data', data);
  if (owner) element.querySelector('.head').dataset.ready = 'yes';  // the page knows its visitor
};
watch('value', () => { show(); poll(); });
show();

const poll = async () => {
  if (busy || document.visibilityState !== 'visible') return;
  busy = true;
  try {
    const now = await server.standing({ owner: (props.value || {}).owner || '' });
    put('device', now.device);
    put('queue', now.queue);
    element.classList.remove('lost');
    if (known && known !== now.server) window.location.reload();  // the address has the open runs
    known = now.server;
  } catch { element.classList.add('lost'); } finally { busy = false; }
};
const timer = setInterval(() => (element.isConnected ? poll() : clearInterval(timer)), 2500);
poll();
