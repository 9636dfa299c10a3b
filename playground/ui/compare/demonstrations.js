// The demonstrations that stand before every question, as text.
const place = element.querySelector('.demonstrations');
const show = () => {
  const { head = '', rows = [] } = props.value || {};
  const list = make('ol');
  for (const { texts, label } of rows) {
    const line = make('li');
    line.append(make('span', 'demo-text', texts.join(' · ')), make('strong', '', label));
    list.append(line);
  }
  place.replaceChildren(make('p', '', head), list);
  place.dataset.rows = String(rows.length);
};
watch('value', show);
show();
