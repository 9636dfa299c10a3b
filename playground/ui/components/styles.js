// Small drawings and numbers that several parts of the page show alike. Put before their scripts.
const make = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const svg = (tag, attributes) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, given] of Object.entries(attributes)) made.setAttribute(name, given);
  return made;
};
const clean = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const short = (text) => (text.length > 28 ? text.slice(0, 27) + '…' : text);
const percent = (share) => (100 * share).toFixed(0) + '\u202f%';
const duration = (seconds) => {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
};
// Says how long something still takes, from how far it was when it was first seen going.
const pacer = () => {
  const firsts = new Map();
  return (key, done, total) => {
    if (done && !firsts.has(key)) firsts.set(key, { time: Date.now(), done });
    const first = firsts.get(key);
    if (!first || done <= first.done) return '';
    return `, ${duration((Date.now() - first.time) / 1000 / (done - first.done) * (total - done))} left`;
  };
};
const count = (number) => number.toLocaleString('en-US');
const size = (bytes) => {
  for (const [unit, many] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]]) {
    if (bytes >= many) return `${(bytes / many).toPrecision(3)} ${unit}`;
  }
  return `${bytes} B`;
};

const MARKS = {
  circle: 'M12 5a4 4 0 1 0 .01 0z', square: 'M8 5h8v8h-8z', diamond: 'M12 4l5 5-5 5-5-5z',
  'triangle-up': 'M12 4l5 9h-10z', star: 'M12 4l1.5 3.4 3.5.3-2.7 2.3.9 3.5-3.2-1.9-3.2 1.9.9-3.5-2.7-2.3 3.5-.3z',
  x: 'M8 5l8 8m0-8l-8 8',
};
const STROKES = { solid: '', dash: '6 3', dot: '2 3', dashdot: '6 3 2 3', longdash: '9 3', longdashdot: '9 3 2 3' };
const swatch = (look) => {
  const drawing = svg('svg', { viewBox: '0 0 24 18', width: 32, height: 24, 'aria-hidden': 'true' });
  drawing.append(svg('line', {
    x1: 0, x2: 24, y1: 9, y2: 9, stroke: look.colour, 'stroke-width': 2.5, 'stroke-dasharray': STROKES[look.dash] || '',
  }), svg('path', {
    d: MARKS[look.symbol.replace('-open', '')] || MARKS.circle, stroke: look.colour, 'stroke-width': 1.5,
    fill: look.symbol.endsWith('-open') ? 'var(--background-fill-primary)' : look.colour,
  }));
  return drawing;
};

