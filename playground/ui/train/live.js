// The live view: asks for what is new once a second, draws it, and shows one row per run.
// Its value: {owner, runs, question, steps, labels, notice}. All text from people goes through textContent.
const BUSY = ['queued', 'starting', 'running', 'stopping'];
const DECADES = [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10];  // words between them would overlap
const SECOND = 1000, AT_REST = 10_000, LONGEST_WAIT = 15_000, SMOOTHING = 0.9;
const GREY = { colour: '#808791', dash: 'dot' };
const shared = window.playground;
const find = (name) => element.querySelector(`.live-${name}`);
const chart = find('chart'), rows = find('runs'), notice = find('notice'), said = find('said');
const runs = new Map();  // id -> everything known about the run
let hidden = '', levels = [], failures = 0, busy = false, asked = 0, again = 0, value = null;

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

const flat = (y, axis, look, words) => ({
  type: 'scatter', mode: 'lines', x: [0, lastStep()], y: [y, y], yaxis: axis, name: words,
  line: { color: look.colour, dash: look.dash, width: 2 }, showlegend: false, hoverinfo: 'skip',
});
const answered = () => levels.filter((arm) => arm.accuracy !== null);
const guesses = () => {  // what blind guessing costs, for each number of labels in the picture
  const labels = new Set(known().map((run) => run.labels).filter(Boolean));
  if (!labels.size && value.labels > 1) labels.add(value.labels);
  return [...labels].map((many) => ({ loss: Math.log(many), words: `guessing: ln ${many} = ${Math.log(many).toFixed(2)}` }));
};
const traces = () => [
  { type: 'scatter', x: [null], y: [null], yaxis: 'y2', showlegend: false },  // its axis is drawn from the start
  ...guesses().map((guess) => flat(guess.loss, 'y', GREY, guess.words)),
  ...answered().map((arm) => flat(arm.accuracy, 'y2', arm, arm.name)),
  ...known().flatMap(curves),
];

const floor = () => {  // the accuracy axis starts a tenth or two below the worst that was seen
  const seen = levels.map((arm) => arm.accuracy).filter((share) => share !== null)
    .concat(...known().map((run) => [1 / (run.labels || 2), ...ys(run.held_out), ...ys(run.validation)]));
  return Math.max(0, Math.floor(10 * Math.min(1 / (value.labels || 2), ...seen) - 0.5) / 10);
};

const title = (text, y) => ({
  text, x: 0, y, xref: 'paper', yref: 'paper', xanchor: 'left', yanchor: 'bottom', yshift: 3,
  showarrow: false,
});
const type = () => parseFloat(shared.css('--text-sm')) || 15;
// The words of the level lines stand beside the chart, or above their line where it is narrow.
const label = (words, y, axis, look, narrow) => ({
  text: words, x: 1, y, xref: 'paper', yref: axis, showarrow: false, font: { color: look.colour },
  ...(narrow ? { xanchor: 'right', yanchor: 'bottom' } : { xanchor: 'left', xshift: 8 }),
});
const labels = (narrow, low, pixels) => {
  const log = find('log-scale').checked, gap = (1.02 - low) * 1.2 * type() / pixels;
  const sorted = answered().sort((one, other) => one.accuracy - other.accuracy);
  let below = -1;  // words of lines that lie close together are moved apart
  return guesses().map((guess) => label(guess.words.replace(': ', ':<br>'), log ? Math.log10(guess.loss) : guess.loss, 'y', GREY, narrow))
    .concat(sorted.map((arm) => {
      below = Math.max(arm.accuracy, below + gap);
      return label(`${arm.name} ${percent(arm.accuracy)}`, below, 'y2', arm, narrow);
    }));
};
const layout = () => {
  const narrow = chart.offsetWidth < 520, low = floor(), end = lastStep();
  return shared.layout({
    width: chart.clientWidth, height: chart.clientHeight,
    uirevision: [...runs.keys()].join(' ') || 'none', hovermode: 'x unified',
    margin: { l: 48, r: narrow ? 8 : 7.6 * type(), t: 1.8 * type(), b: 2.9 * type() },
    showlegend: !narrow && runs.size > 1 && runs.size < 5,
    legend: { orientation: 'h', x: 1, xanchor: 'right', y: 1, yanchor: 'bottom', bgcolor: 'rgba(0,0,0,0)' },
    xaxis: { range: [0, end], title: { text: 'step', standoff: 2, font: { size: type() } }, anchor: 'y2', automargin: false },
    yaxis: {
      domain: [0.57, 1], automargin: false, nticks: 5, type: find('log-scale').checked ? 'log' : 'linear',
      rangemode: 'tozero', ...(find('log-scale').checked ? { tickvals: DECADES } : {}),
    },
    yaxis2: { domain: [0, 0.43], range: [low, 1.02], tickformat: '.0%', nticks: 5, automargin: false },
    annotations: [
      title(narrow || type() > 17 ? '<b>Loss</b>, nats per answer' : '<b>Loss</b> on the labelled examples, nats per answer', 1),
      title('<b>Accuracy</b> on held-out examples', 0.43),
      ...labels(narrow, low, 0.43 * (chart.offsetHeight - 4.7 * type())),
    ],
  });
};

const described = () => known().map((run) => {
  const loss = run.loss.at(-1), accuracy = run.held_out.at(-1);
  return `${run.name}: ${run.state_words}` + (loss ? `, step ${loss[0]}, loss ${loss[1].toFixed(2)}` : '')
    + (accuracy ? `, ${percent(accuracy[1])} held-out` : '');
}).concat(levels.filter((arm) => arm.accuracy !== null)
  .map((arm) => `${arm.name}: ${percent(arm.accuracy)}`)).join('. ');

const draw = async () => {
  const Plotly = await shared.plotly();
  if (!element.isConnected || !chart.offsetWidth) return;  // in a tab that is not shown
  await Plotly.react(chart, traces(), layout(), { ...shared.config, responsive: false });
  chart.setAttribute('aria-label', `Training loss and held-out accuracy by step. ${described()}`);
  chart.dataset.points = String(known().reduce((sum, run) => sum + run.loss.length, 0));
  chart.dataset.referenceLevels = String(levels.filter((arm) => arm.accuracy !== null).length);
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
    parts.push(`trains ${count(run.trainable)} numbers, ${share >= 0.1 ? share.toFixed(1) : share.toPrecision(1)}\u202f%`);
  }
  if (run.bytes) parts.push(`${size(run.bytes)} on disk`);
  const last = run.loss.at(-1);
  if (last && last[2]) parts.push(`${(last[2] / last[0]).toPrecision(2)} s a step`);
  if (run.peak_bytes) parts.push(`peak memory ${size(run.peak_bytes)}`);
  return parts.join(' · ');
};

const act = async (run, button, call) => {
  button.disabled = true;
  try {
    const answer = await server[call]({ owner: value.owner, run: run.id });
    run.problem = answer.problem || '';
  } catch { run.problem = value.unreached; }
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
  costs.title = run.device || '';
  problem.textContent = [run.problem, run.alarm, run.note].filter(Boolean).join(' ');
  run.details.hidden = !run.log_tail;
  run.log.textContent = run.log_tail || '';
};

const announce = (run, before) => {
  if (before !== undefined && before !== run.status) said.textContent = `${run.name}: ${run.state_words}.`;
};
const left = pacer();
const explain = () => {
  const waiting = levels.filter((arm) => arm.accuracy === null);
  const words = waiting.map((arm) => arm.message || (arm.state === 'waiting' ? `${arm.name} is next`
    : `Asking ${arm.name}: ${count(arm.done)} of ${count(arm.total)}${left(`${value.question} ${arm.name}`, arm.done, arm.total)}`));
  const parts = words.length ? [[...new Set(words)].join(' · ')] : [];  // two arms may say the same
  if (hidden) parts.unshift(hidden);
  if (!runs.size && !waiting.some((arm) => arm.message)) parts.unshift(value.notice);
  notice.textContent = failures > 1 ? value.lost : parts.join(' ');
};

const take = (answer) => {
  for (const news of answer.runs) {
    const run = runs.get(news.id);
    if (!run) continue;
    if (news.gone) { forget(run); hidden = value.gone; continue; }
    const before = run.status;
    add(run, { ...news, now: answer.now });
    announce(run, before);
    show(run);
    if (before !== run.status) run.stop.disabled = run.resume.disabled = false;
  }
  if (answer.reference_levels) levels = answer.reference_levels;  // a restarted server knows none: keep ours
};
const forget = (run) => { if (run.made) run.made.remove(); runs.delete(run.id); };
const pending = () => known().length < runs.size
  || known().some((run) => BUSY.includes(run.status))
  || (value.question && levels.some((arm) => arm.accuracy === null && !arm.message));

const poll = async () => {
  if (busy || document.visibilityState !== 'visible' || !element.offsetParent || Date.now() < again) return;
  if (!value.owner || (!runs.size && !value.question)) return;
  busy = true;
  const mine = ++asked;
  const wanted = [...runs.values()].map((run) => [run.id, run.cursor]);
  let answer = null;
  try {
    answer = await server.poll_runs({ owner: value.owner, runs: wanted, question: value.question });
  } catch { /* counted below: gradio gives nothing instead of an error when there is no server */ }
  busy = false;
  failures = answer ? 0 : failures + 1;
  if (!answer) again = Date.now() + Math.min(LONGEST_WAIT, SECOND * 2 ** failures);
  if (mine !== asked) return;
  if (answer && answer.problem) {
    hidden = answer.problem;
    again = Date.now() + LONGEST_WAIT;
  } else if (answer) {
    take(answer);
    again = Date.now() + (pending() ? (answer.more ? 0 : SECOND) : AT_REST) - 50;
  }
  explain();
  await draw();
};
const hurry = () => { again = 0; poll(); };

const blank = (id) => ({ id, cursor: 0, loss: [], held_out: [], validation: [] });
const reset = () => {
  value = { owner: '', runs: [], question: '', steps: 100, labels: 0, notice: '', ...props.value };
  asked += 1;  // an answer still on its way is for the value before
  for (const run of [...runs.values()]) if (!value.runs.includes(run.id)) forget(run);
  for (const id of value.runs) if (!runs.has(id)) runs.set(id, blank(id));
  levels = [];
  hidden = '';
  explain();
  draw().catch((error) => { notice.textContent = error.message; });
  hurry();
};

watch('value', reset);
shared.onTheme(() => draw(), element);
for (const toggle of ['log-scale', 'smooth']) find(toggle).addEventListener('change', () => draw());
new ResizeObserver(() => draw()).observe(chart);
document.addEventListener('visibilitychange', hurry);
const clock = setInterval(() => (element.isConnected ? poll() : clearInterval(clock)), SECOND / 4);
reset();
