// What every part of the page shares in the browser. Runs once, before the components mount.
(() => {
  if (window.playground) return;
  const root = document.documentElement;
  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } };
  const redraws = new Set();
  const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  let loading = null;

  const idle = window.requestIdleCallback || ((run) => setTimeout(run, 50));
  const plotly = () => {  // a second of work for a laptop: first the page, then its charts
    loading = loading || new Promise((ready) => idle(ready, { timeout: 1500 })).then(() => fetched());
    return loading;
  };
  const fetched = () => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = 'own/plotly.min.js';
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { loading = null; reject(new Error('The charts could not be loaded.')); };
    document.head.append(script);
  });

  const axis = (extra) => ({
    gridcolor: css('--border-color-primary'), linecolor: css('--border-color-primary'),
    zerolinecolor: css('--border-color-primary'), automargin: true, ...extra,
  });

  // A plotly layout in the colours and the type of the page; what `extra` says wins.
  const layout = (extra = {}) => {
    const size = parseFloat(css('--text-sm')) || 14;
    const colours = {
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
      font: { color: css('--body-text-color'), family: css('--font') || 'sans-serif', size },
      hoverlabel: { font: { family: css('--font') || 'sans-serif', size } },
    };
    const axes = Object.fromEntries(Object.keys(extra).filter((key) => /^[xy]axis\d*$/.test(key))
      .map((key) => [key, axis(extra[key])]));
    const title = extra.title ? { title: { ...extra.title, font: { size, ...extra.title.font } } } : {};
    return { ...colours, margin: { l: 8, r: 8, t: 8, b: 8 }, xaxis: axis(), yaxis: axis(), ...extra,
      font: { ...colours.font, ...extra.font }, ...title, ...axes };
  };

  const config = {
    responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: '',
    modeBarButtonsToRemove: ['lasso2d', 'select2d', 'autoScale2d'],
  };

  const redrawAll = () => {
    for (const entry of redraws) {
      if (entry.element.isConnected) entry.redraw(); else redraws.delete(entry);
    }
  };
  // `redraw` runs whenever the colours or the type size of the page change.
  const onTheme = (redraw, element) => redraws.add({ redraw, element });

  const isDark = () => document.body.classList.contains('dark');
  const obey = () => {  // gradio follows the system; what the person chose wins over it
    const chosen = stored('playground-theme');
    if (chosen && isDark() !== (chosen === 'dark')) document.body.classList.toggle('dark', chosen === 'dark');
    root.style.colorScheme = isDark() ? 'dark' : 'light';
  };
  const setDark = (dark) => { store('playground-theme', dark ? 'dark' : 'light'); obey(); };
  const isProjector = () => root.classList.contains('projector');
  const setProjector = (on) => {
    store('playground-projector', on ? 'on' : 'off');
    root.classList.toggle('projector', on);
    window.dispatchEvent(new Event('resize'));
    redrawAll();
  };

  let wasDark = isDark();
  new MutationObserver(() => {
    obey();
    if (wasDark !== isDark()) { wasDark = isDark(); redrawAll(); }
  }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  obey();
  root.classList.toggle('projector', stored('playground-projector') === 'on');

  // The runs that are open stand in the address, so that a reload and a copied link find them.
  const addressOf = (runs) => {
    const address = new URL(window.location.href);
    address.searchParams.delete('run');
    for (const run of runs) address.searchParams.append('run', run);
    return address;
  };
  // Not before the page has been opened, though: what a browser remembers of its last visit comes
  // in earlier than the server has read which runs this address asks for.
  let opened = false;
  const rememberRuns = (saved) => {
    if (opened) history.replaceState(history.state, '', addressOf((saved && saved.runs) || []));
  };
  const open = (saved) => { opened = true; rememberRuns(saved); };

  // The tab is remembered too, but not the one that gradio shows at first.
  const rememberTab = (tab) => {
    if (!opened) return;
    const address = new URL(window.location.href);
    address.searchParams.set('tab', tab);
    history.replaceState(history.state, '', address);
  };

  // The link to some runs, put on the clipboard where the browser lets us (https, localhost).
  const copyLink = (runs) => {
    const address = addressOf(runs || []);
    address.searchParams.delete('tab');
    if (navigator.clipboard) navigator.clipboard.writeText(address.href).catch(() => {});
    return address.href;
  };

  window.playground = {
    plotly, layout, config, css, onTheme, isDark, setDark, isProjector, setProjector, addressOf,
    rememberRuns, open, rememberTab, copyLink,
  };
})();
