// Strips: dimension k stands at the same place in every strip of one width, and its numbers stand at the right.
const written = (v) => {
  if (v === 0) return '0';
  if (Math.abs(v) < 0.0005) return '< 0.001';
  return v.toFixed(3).replace('-', '\u2212');
};

class Strips extends Picture {
  show({ head, arrays }) {
    const rows = head.rows.map((row, k) => ({ ...row, values: arrays[`row${k}`].values, before: arrays[`ghost${k}`]?.values }));
    let width = rows[rows.length - 1].values.length, unit = head.unit;

    const grid = el('div', 'strips'), diverging = scale(this.root, '--st-chart-diverging-colors');
    grid.tabIndex = 0;
    named(grid, 'slider', head.words);
    grid.setAttribute('aria-valuemin', '0');

    const top = el('div', 'row head'), ends = el('div', 'units'), last = el('span'), chosen = el('div', 'value');
    ends.append(el('span', '', 'dimension 0'), last);
    top.append(el('div'), ends, chosen);
    grid.append(top);
    rows.forEach((row) => {
      const line = el('div', `row${row.first ? ' first' : ''}${row.total ? ' total' : ''}${row.learners ? ' learners' : ''}`);
      const name = el('div', 'name'), what = el('span', 'what', row.label);
      what.title = row.label;
      if (row.learners) what.dir = 'auto';
      if (row.sign) name.append(el('span', 'sign', row.sign));
      name.append(what);
      row.band = el('div', 'band');
      row.pin = el('div', 'pin');
      row.value = el('div', 'value');
      const colour = (v) => diverging((v / (row.top || 1) + 1) / 2);
      if (row.before) {
        const ghost = el('canvas', 'ghost');
        row.band.append(paint(ghost, row.before, colour));
        row.band.title = 'thin strip: before the change';
      }
      row.band.append(paint(el('canvas'), row.values, colour), row.pin);
      line.append(name, row.band, row.value);
      grid.append(line);
    });
    const foot = el('div', 'foot');
    if (rows.some((row) => row.before)) foot.append(el('span', '', 'thin strip: unchanged'));
    foot.append(el('span', '', 'violet below 0 · green above 0'), ...head.scales.map((text) => el('span', '', text)));
    grid.append(foot);

    const show = () => {
      unit = clamp(unit, 0, width - 1);
      chosen.textContent = `dimension ${unit}`;
      last.textContent = `dimension ${width - 1}`;
      const said = rows.filter((row) => row.values.length === width).map((row) => `${row.learners ? `${row.sign} ` : ''}${row.label} ${written(row.values[unit])}`);
      rows.forEach((row) => {
        const here = row.values.length === width;
        row.pin.hidden = !here;
        row.pin.style.left = `${((unit + 0.5) / width) * 100}%`;
        row.value.textContent = here ? written(row.values[unit]) : '';
      });
      grid.setAttribute('aria-valuemax', String(width - 1));
      grid.setAttribute('aria-valuenow', String(unit));
      grid.setAttribute('aria-valuetext', `dimension ${unit}: ${said.join(', ')}`);
    };
    const point = (e) => {
      const row = rows.find((each) => each.band.contains(e.target));
      if (!row) return;
      const box = row.band.getBoundingClientRect();
      width = row.values.length;
      unit = Math.floor(((e.clientX - box.left) / box.width) * width);
      show();
    };
    grid.onpointermove = point;
    grid.onpointerdown = point;
    grid.onkeydown = (e) => {
      if (modified(e)) return;
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[e.key];
      if (step) unit += step;
      else if (e.key === 'Home') unit = 0;
      else if (e.key === 'End') unit = width - 1;
      else return;
      e.preventDefault();
      show();
    };
    const start = rows.find((row) => row.values.length > unit) ?? rows[0];
    if (width <= unit) width = start.values.length;
    show();

    this.root.replaceChildren(grid, saveButton(() => savePicture(this.root, grid, head.file)));
  }
}

export default mounted(Strips);
