// Draws the plotly figure that is the component's value; keeps zoom while the question stays the same.
const chart = element.querySelector('.figure');
const draw = async () => {
  const figure = props.value;
  if (!figure || !figure.data) return;
  const Plotly = await window.playground.plotly();
  chart.setAttribute('aria-label', figure.alt || '');
  await Plotly.react(chart, figure.data, window.playground.layout(figure.layout), window.playground.config);
  chart.dataset.drawn = String(Number(chart.dataset.drawn || 0) + 1);
};
const show = () => draw().catch((error) => { chart.textContent = error.message; });
watch('value', show);
window.playground.onTheme(show, element);
new ResizeObserver(() => {
  if (chart.data && chart.offsetWidth) window.Plotly.Plots.resize(chart);
}).observe(chart);
show();
