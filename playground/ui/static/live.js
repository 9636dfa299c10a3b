// The live view: asks for what is new once a second, draws it, and shows one row per run.
// Its value: {owner, runs, question, steps, labels, notice}. All text from people goes through textContent.
const BUSY = ['queued', 'starting', 'running', 'stopping'];
const SECOND = 1000, AT_REST = 10_000, LONGEST_WAIT = 15_000, SMOOTHING = 0.9;
const shared = window.playground;
const find = (name) => element.querySelector(`.live-${name}`);
const chart = find('chart'), rows = find('runs'), notice = find('notice'), said = find('said');
const runs = new Map();  // id -> everything known about the run
let hidden = '', references = [], failures = 0, busy = false, asked = 0, again = 0, value = null;

// What the server said about one run, added to what was known.
const add = (run, news) => {
  const { parts, ...facts } = news;
  Object.assign(run, facts);
  for (const part of parts) {
    if (part.cut !== null) {  // resumed: what came after the checkpoint is done anew
      for (const kind of ['loss', 'held_out', 'validation']) {
        run[kind] = run[kind].filter((point) => point[0] <= part.cut);
      }
    }
    for (const kind of ['loss', 'held_out', 'validation']) run[kind].push(...part[kind]);
    Object.assign(run, part.facts);
  }
};

const smoothed = (points) => {
  let mean = 0, weight = 0;
  return points.map(([, y]) => {
    mean = SMOOTHING * mean + (1 - SMOOTHING) * y;
    weight = SMOOTHING * weight + (1 - SMOOTHING);
    return mean / weight;
  });
};
const xs = (points) => points.map((point) => point[0]);
const ys = (points) => points.map((point) => point[1]);
const known = () => [...runs.values()].filter((run) => run.status);
const lastStep = () => Math.max(1, ...(known().length ? known().map((run) => run.steps || 0) : [value.steps]));

const curves = (run) => {
  const name = clean(short(run.name)), smooth = find('smooth').checked;
  const line = { color: run.colour, dash: run.dash, width: 2.5 };
  const common = { name, legendgroup: run.id, type: 'scatter' };
  const traces = [{
    ...common, mode: 'lines', x: xs(run.loss), y: smooth ? smoothed(run.loss) : ys(run.loss),
    line, hovertemplate: '%{y:.3f}',
  }];
  if (smooth) traces.push({
    ...common, mode: 'lines', x: xs(run.loss), y: ys(run.loss), showlegend: false, hoverinfo: 'skip',
    line: { color: run.colour, width: 1 }, opacity: 0.25,
  });
  traces.push({
    ...common, mode: 'lines+markers', x: xs(run.held_out), y: ys(run.held_out), yaxis: 'y2',
    line, marker: { symbol: run.symbol, size: 8, color: run.colour }, showlegend: false,
    hovertemplate: '%{y:.0%} held-out',
  });
  if (run.validation.length) traces.push({
    ...common, mode: 'markers', x: xs(run.validation), y: ys(run.validation), yaxis: 'y2',
    marker: { symbol: run.symbol + '-open', size: 6, color: run.colour }, showlegend: false,
    opacity: 0.6, hovertemplate: '%{y:.0%} validation',
  });
  return traces;
};

const level = (y, words, place, axis, look) => ({
  type: 'scatter', mode: 'lines+text', x: [0, lastStep() / 2, lastStep()], y: [y, y, y], yaxis: axis,
  text: place === 'left' ? [words, '', ''] : ['', '', words], cliponaxis: false,
  textposition: place === 'left' ? 'top right' : 'top left', textfont: { color: look.colour },
  line: { color: look.colour, dash: look.dash, width: 2 }, showlegend: false, hoverinfo: 'skip', name: words,
});

const traces = () => {
  const guesses = new Set(known().map((run) => run.labels).filter(Boolean));
  if (!guesses.size && value.labels > 1) guesses.add(value.labels);
  const grey = { colour: '#808791', dash: 'dot' };
  const drawn = [...guesses].map((labels) => {
    const loss = Math.log(labels);
    return level(loss, `guessing: ln ${labels} = ${loss.toFixed(2)}`, 'right', 'y', grey);
  });
  references.filter((arm) => arm.accuracy !== null).forEach((arm) => {
    const words = `${arm.name} ${percent(arm.accuracy)}`;
    drawn.push(level(arm.accuracy, words, arm.shots ? 'right' : 'left', 'y2', arm));
  });
  return drawn.concat(...known().map(curves));
};

const floor = () => {  // the accuracy axis starts a tenth or two below the worst that was seen
  const seen = references.map((arm) => arm.accuracy).filter((share) => share !== null)
    .concat(...known().map((run) => ys(run.held_out).concat(ys(run.validation))));
  return Math.max(0, Math.floor(10 * Math.min(0.5, ...seen) - 0.5) / 10);
};

const title = (text, y) => ({
  text, x: 0, y, xref: 'paper', yref: 'paper', xanchor: 'left', yanchor: 'bottom', yshift: 4,
  showarrow: false, font: { size: 15 },
});
const layout = () => {
  const end = lastStep();
  return shared.layout({
    uirevision: [...runs.keys()].join(' ') || 'none', hovermode: 'x unified',
    margin: { l: 48, r: 12, t: 28, b: 40 },
    legend: { x: 1, xanchor: 'right', y: 1, yanchor: 'top', bgcolor: 'rgba(0,0,0,0)' },
    xaxis: { range: [0, end], title: { text: 'step', standoff: 4 }, anchor: 'y2', automargin: false },
    yaxis: {
      domain: [0.56, 1], automargin: false, nticks: 5, type: find('log-scale').checked ? 'log' : 'linear',
      rangemode: 'tozero',
    },
    yaxis2: { domain: [0, 0.42], range: [floor(), 1.02], tickformat: '.0%', nticks: 6, automargin: false },
    annotations: [title('<b>Loss</b> on the labelled examples, nats per answer', 1),
      title('<b>Accuracy</b> on held-out examples', 0.42)],
  });
};

const described = () => known().map((run) => {
  const loss = run.loss.at(-1), accuracy = run.held_out.at(-1);
  return `${run.name}: ${run.state_words}` + (loss ? `, step ${loss[0]}, loss ${loss[1].toFixed(2)}` : '')
    + (accuracy ? `, ${percent(accuracy[1])} held-out` : '');
}).concat(references.filter((arm) => arm.accuracy !== null)
  .map((arm) => `${arm.name}: ${percent(arm.accuracy)}`)).join('. ');

const draw = async () => {
  const Plotly = await shared.plotly();
  if (!element.isConnected) return;
  await Plotly.react(chart, traces(), layout(), shared.config);
  chart.setAttribute('aria-label', `Training loss and held-out accuracy by step. ${described()}`);
  chart.dataset.points = String(known().reduce((sum, run) => sum + run.loss.length, 0));
  chart.dataset.references = String(references.filter((arm) => arm.accuracy !== null).length);
};

const step = (run) => (run.loss.length ? run.loss.at(-1)[0] : run.resumed_from || 0);
const progress = (run) => {
  const at = step(run), parts = [];
  if (['finished', 'stopped', 'failed'].includes(run.status) && run.ending) return run.ending;
  if (run.status === 'starting' && run.doing) return `${run.state_words}: ${run.doing}`;
  if (run.status !== 'running' || !run.steps) return run.state_words;
  parts.push(`step ${count(at)} of ${count(run.steps)}`);
  const taken = at - (run.resumed_from || 0);
  if (taken > 0) {
    const left = ((run.now - run.started) / taken) * (run.steps - at);
    parts.push(`${duration(left)} left${run.validation_examples ? ' at most' : ''}`);
  }
  return parts.join(' · ');
};
const cost = (run) => {
  const parts = [];
  if (run.trainable) {
    const share = 100 * run.trainable / Math.max(run.trainable, run.parameters);
    parts.push(`trains ${count(run.trainable)} numbers (${share >= 0.1 ? share.toFixed(1) : share.toPrecision(1)}\u202f%)`);
  }
  if (run.bytes) parts.push(`${size(run.bytes)} on disk`);
  const last = run.loss.at(-1);
  if (last && last[2]) parts.push(`${(last[2] / last[0]).toPrecision(2)} s a step`);
  if (run.peak_bytes) parts.push(`peak memory ${size(run.peak_bytes)}`);
  if (run.device) parts.push(run.device);
  return parts.join(' · ');
};

const act = async (run, button, call) => {
  button.disabled = true;
  try {
    const answer = await server[call]({ owner: value.owner, run: run.id });
    run.problem = answer.problem || '';
  } catch { run.problem = 'The server could not be reached. Try again.'; }
  if (run.problem) button.disabled = false;
  show(run);
  hurry();
};
const row = (run) => {
  const made = make('li', 'live-run');
  const line = make('div', 'live-line'), name = make('strong', 'live-name');
  const bar = make('progress', 'live-bar'), words = make('span', 'live-words');
  const stop = make('button', 'live-button', 'Stop'), resume = make('button', 'live-button', 'Resume');
  stop.type = resume.type = 'button';
  stop.addEventListener('click', () => act(run, stop, 'stop_run'));
  resume.addEventListener('click', () => act(run, resume, 'resume_run'));
  line.append(swatch(run), name, bar, words, stop, resume);
  const details = make('details', 'live-log'), log = make('pre');
  details.append(make('summary', '', 'The end of its log'), log);
  made.append(line, make('div', 'live-cost'), make('div', 'live-problem'), details);
  rows.append(made);
  return Object.assign(run, { made, name_text: name, bar, words, stop, resume, details, log });
};
const show = (run) => {
  if (!run.made) row(run);
  run.made.dataset.run = run.id;
  run.made.dataset.status = run.status;
  run.made.style.setProperty('--run-colour', run.colour);
  run.name_text.textContent = run.name;
  run.name_text.title = run.name;
  const share = run.steps ? step(run) / run.steps : 0;
  if (run.status === 'running' || run.steps) run.bar.value = run.status === 'finished' ? 1 : share;
  else run.bar.removeAttribute('value');
  run.bar.hidden = !['running', 'starting', 'stopping', 'stopped', 'died'].includes(run.status);
  run.bar.setAttribute('aria-label', `Progress of ${run.name}`);
  run.words.textContent = progress(run);
  run.stop.hidden = !run.can_stop;
  run.stop.setAttribute('aria-label', `Stop ${run.name}`);
  run.resume.hidden = !run.can_resume;
  run.resume.setAttribute('aria-label', `Resume ${run.name}`);
  const [costs, problem] = [run.made.querySelector('.live-cost'), run.made.querySelector('.live-problem')];
  costs.textContent = cost(run);
  problem.textContent = [run.problem, run.alarm, run.note].filter(Boolean).join(' ');
  run.details.hidden = !run.log_tail;
  run.log.textContent = run.log_tail || '';
};

const announce = (run, before) => {
  if (before !== undefined && before !== run.status) said.textContent = `${run.name}: ${run.state_words}.`;
};
const firsts = new Map();  // arm -> when it was first seen being asked, and how far it was
const left = (arm) => {
  const key = `${value.question} ${arm.name}`;
  if (!firsts.has(key)) firsts.set(key, { time: Date.now(), done: arm.done });
  const first = firsts.get(key);
  if (arm.done <= first.done) return '';
  const seconds = (Date.now() - first.time) / 1000 / (arm.done - first.done) * (arm.total - arm.done);
  return `, ${duration(seconds)} left`;
};
const explain = () => {
  const waiting = references.filter((arm) => arm.accuracy === null);
  const words = waiting.map((arm) => arm.message || (arm.state === 'waiting' ? `${arm.name} is next`
    : `Asking ${arm.name}: ${count(arm.done)} of ${count(arm.total)}${left(arm)}`));
  const parts = words.length ? [words.join(' · ')] : [];
  if (hidden) parts.unshift(hidden);
  if (!runs.size && value.notice) parts.unshift(value.notice);
  if (failures > 1) parts.unshift('Connection lost, trying again.');
  notice.textContent = parts.join(' ');
};

const take = (answer) => {
  for (const news of answer.runs) {
    const run = runs.get(news.id);
    if (!run) continue;
    if (news.gone) { forget(run); hidden = value.gone; continue; }
    const before = run.status;
    add(run, { ...news, now: answer.now });
    if (before !== run.status) run.stop.disabled = run.resume.disabled = false;
    announce(run, before);
    show(run);
  }
  if (answer.references) references = answer.references;
};
const forget = (run) => { if (run.made) run.made.remove(); runs.delete(run.id); };
const pending = () => known().length < runs.size
  || known().some((run) => BUSY.includes(run.status))
  || (value.question && (!references.length || references.some((arm) => arm.accuracy === null && !arm.message)));

const poll = async () => {
  if (busy || document.visibilityState !== 'visible' || !element.offsetParent || Date.now() < again) return;
  if (!value.owner || (!runs.size && !value.question)) return;
  busy = true;
  const mine = ++asked;
  try {
    const wanted = [...runs.values()].map((run) => [run.id, run.cursor]);
    const answer = await server.poll_runs({ owner: value.owner, runs: wanted, question: value.question });
    if (mine !== asked) return;
    failures = 0;
    take(answer);
    again = Date.now() + (pending() ? (answer.more ? 0 : SECOND) : AT_REST) - 50;
    explain();
    await draw();
  } catch (error) {
    failures += 1;
    again = Date.now() + Math.min(LONGEST_WAIT, SECOND * 2 ** failures);
    explain();
  } finally { busy = false; }
};
const hurry = () => { again = 0; poll(); };

const blank = (id) => ({ id, cursor: 0, loss: [], held_out: [], validation: [] });
const reset = () => {
  value = { owner: '', runs: [], question: '', steps: 100, labels: 0, notice: '', ...props.value };
  asked += 1;  // an answer still on its way is for the value before
  for (const run of [...runs.values()]) if (!value.runs.includes(run.id)) forget(run);
  for (const id of value.runs) if (!runs.has(id)) runs.set(id, blank(id));
  references = [];
  hidden = '';
  explain();
  draw().catch((error) => { notice.textContent = error.message; });
  hurry();
};

watch('value', reset);
shared.onTheme(() => draw(), element);
for (const toggle of ['log-scale', 'smooth']) find(toggle).addEventListener('change', () => draw());
new ResizeObserver(() => {
  if (chart.data && chart.offsetWidth) window.Plotly.Plots.resize(chart);
}).observe(chart);
document.addEventListener('visibilitychange', hurry);
const clock = setInterval(() => (element.isConnected ? poll() : clearInterval(clock)), SECOND / 4);
reset();
