// Small matrices side by side. Pointing at a pair in one marks it in all of them, and each says its cosine of that pair.
const written = (v) => v.toFixed(3).replace(/^-(0\.?0*)$/, '$1').replace('-', '−');

class Multiples extends Picture {
  show({ head, arrays }) {
    this.head = head;
    this.n = head.texts.length;
    this.cosines = arrays.cosines.values;
    this.cell = [0, Math.min(1, this.n - 1)];
    this.draw();
  }
  cosine(k, row, column) { return this.cosines[(k * this.n + row) * this.n + column]; }
  draw() {
    const { n, head } = this, colour = scale(this.root, '--st-chart-diverging-colors'), figure = el('div', 'figure');
    const all = named(el('div', 'all'), 'group', head.alt);
    this.fields = [];
    let k = 0;
    for (const item of head.items) {
      const one = el('div', `one${item.first ? ' first' : ''}${item.drawn ? '' : ' none'}`), about = el('div', 'about');
      about.append(el('span', '', item.about));
      one.append(el('div', 'nm', item.name), about);
      if (item.drawn) {
        const field = el('div', 'field'), here = el('div', 'here'), value = el('b'), cosines = this.cosines.subarray(k * n * n, (k + 1) * n * n);
        about.append(value);
        here.hidden = true;
        field.append(paint(el('canvas'), Array.from(cosines, (cosine) => (cosine + 1) / 2), colour, n), here);
        field.tabIndex = this.fields.length ? -1 : 0;
        field.onpointermove = field.onpointerdown = (event) => this.point(this.under(event, field));
        field.onpointerleave = (event) => { if (event.pointerType !== 'touch') this.point(null); };
        field.onkeydown = (event) => this.steer(event);
        field.onfocus = () => { if (field.matches(':focus-visible')) this.point(this.cell); };
        field.onblur = () => this.point(null);
        named(field, 'img', `${item.name}, ${item.about}. Arrow keys step through the pairs of texts.`);
        this.fields.push({ field, here, value, k });
        one.append(field);
        k += 1;
      }
      if (item.note) one.append(el('div', 'note', item.note));
      all.append(one);
    }
    this.pair = el('div', 'pair');
    this.pair.setAttribute('role', 'status');
    figure.append(all);
    this.root.replaceChildren(figure, this.pair, saveButton(() => savePicture(this.root, figure, 'cls-poolings.png')));
    this.point(null);
  }
  under(event, field) {
    const box = field.getBoundingClientRect(), place = (x, size) => clamp(Math.floor((x / size) * this.n), 0, this.n - 1);
    return [place(event.clientY - box.top, box.height), place(event.clientX - box.left, box.width)];
  }
  steer(event) {
    const step = ARROWS[event.key];
    if (event.key === 'Escape') this.point(null);
    if (!step) return;
    event.preventDefault();
    this.point(this.cell.map((at, axis) => clamp(at + step[axis], 0, this.n - 1)));
  }
  point(cell) {
    const { n, head } = this, part = 100 / n;
    if (cell) this.cell = cell;
    for (const { here, value, k } of this.fields) {
      here.hidden = !cell;
      value.textContent = cell ? written(this.cosine(k, ...cell)) : '';
      if (cell) {
        Object.assign(here.style, { top: `${cell[0] * part}%`, left: `${cell[1] * part}%`, height: `${part}%`, width: `${part}%` });
      }
    }
    if (!cell) this.pair.replaceChildren('Point at a pair in one matrix, and it is marked in all of them.');
    else {
      const name = (at) => el('b', '', `${at + 1} ${head.texts[at]}`);
      this.pair.replaceChildren(name(cell[0]), ' and ', name(cell[1]));
    }
  }
}

export default mounted(Multiples);
