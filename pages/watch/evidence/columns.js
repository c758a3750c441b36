// Parallel ranked columns: a line for each token through all of them. What one column ranks high is drawn strong in all.
const NS = 'http://www.w3.org/2000/svg';
const DEEP = 16;                                             // ranks that are told apart by tone
const shape = (name, attributes, text) => {
  const e = document.createElementNS(NS, name);
  Object.entries(attributes).forEach(([key, value]) => e.setAttribute(key, value));
  if (text !== undefined) e.textContent = text;
  return e;
};
const short = (text, longest) => {
  const letters = [...text];
  return letters.length <= longest ? text : `${letters.slice(0, Math.max(1, longest - 1)).join('')}…`;
};

class Ranks extends Picture {
  held = -1;                                                 // the token that stays marked
  met = false;                                               // a token was marked once: what was let go stays let go

  show({ head, arrays }) {
    if (head.tokens.join() !== this.head?.tokens.join()) this.held = -1;
    if (this.shade === undefined) this.shade = head.shade;
    this.head = head;
    this.n = head.tokens.length;
    this.ranks = arrays.ranks.values;
    this.sizes = arrays.sizes.values;                            // each column's largest has the largest dot
    this.tops = head.columns.map((_, k) => Math.max(...this.sizes.subarray(k * head.tokens.length, (k + 1) * head.tokens.length)) || 1);
    this.draw();
  }
  fit() { this.draw(); }
  rank(k, i) { return this.ranks[k * this.n + i]; }
  x(k) { return this.left + this.wide * (k + 0.5); }
  y(k, i) { return (this.rank(k, i) - 0.5) * this.high; }
  name(i) { return `${this.head.places[i]} ${this.head.tokens[i]}`; }

  draw() {
    const { head, n, root } = this, columns = head.columns.length;
    const kept = root.getRootNode().activeElement?.classList?.contains('field');
    if (!this.width) return;                                   // not laid out yet: fit comes when it is
    this.rem = parseFloat(getComputedStyle(root).fontSize);
    this.compact = this.width < 600;
    const letter = this.rem * (this.compact ? 0.74 : 0.82) * 0.6, longest = Math.max(...head.tokens.map((t) => [...t].length)), digits = String(Math.max(...head.places)).length;
    this.left = Math.min(this.width * (this.compact ? 0.2 : 0.13), letter * (longest + digits + 1) + 12);
    this.left = Math.max(this.left, this.rem * (this.compact ? 3.6 : 5.4));
    this.room = Math.floor((this.left - 10) / letter) - digits - 1;
    this.wide = (this.width - 2 * this.left) / columns;
    this.high = Math.round(this.rem * (n <= 16 ? 1.55 : n <= 40 ? 1.3 : 1.05));
    root.className = `root${this.compact ? ' compact' : ''}`;
    root.style.setProperty('--left', `${this.left}px`);
    root.style.setProperty('--columns', columns);

    this.figure = el('div', 'figure');
    this.figure.append(this.families(), this.heads(), this.field(), ...head.agreements.map((row) => this.agreement(row)));
    this.told = el('div', 'told');
    this.told.setAttribute('role', 'status');
    const foot = el('div', 'foot');
    foot.append(this.told, saveButton(() => savePicture(root, this.figure, head.file)));
    root.replaceChildren(this.figure, foot);
    this.paint();
    this.mark(this.held);
    if (kept) this.box.focus({ preventScroll: true });
  }
  row(kind, first, cells) {
    const row = el('div', `row ${kind}`);
    row.append(first, ...cells, el('div'));
    return row;
  }
  families() {
    let start = 2;
    const cells = this.head.families.map(({ name, columns }) => {
      const cell = at(el('div', 'family', name), `${start} / span ${columns}`);
      start += columns;
      return cell;
    });
    return this.row('top', el('div'), cells);
  }
  heads() {
    this.buttons = this.head.columns.map((column, k) => {
      const b = button('head', '', () => {
        this.shade = k;
        this.paint();
        this.mark(this.held);
      });
      b.title = column.how;
      b.append(el('span', '', column.name));
      return b;
    });
    return this.row('heads', el('div', 'lead', this.compact ? '' : 'counts most'), this.buttons);
  }
  agreement({ name, values }) {
    const cells = values.map((value, k) => el('div', `rho${k >= this.head.measured ? ' measured' : ''}`, value));
    return this.row('agrees', el('div', 'lead', name), cells);
  }
  field() {
    const { head, n } = this, columns = head.columns.length, height = n * this.high;
    this.box = el('div', 'field');
    this.box.tabIndex = 0;
    named(this.box, 'slider', head.words);
    this.box.setAttribute('aria-valuemin', '1');
    this.box.setAttribute('aria-valuemax', String(n));
    const svg = shape('svg', { width: this.width, height, viewBox: `0 0 ${this.width} ${height}`, 'aria-hidden': 'true' });
    const from = this.left + this.wide * head.measured;
    svg.append(shape('rect', { class: 'taken', x: from, y: 0, width: this.wide * (columns - head.measured), height }));
    head.columns.forEach((_, k) => svg.append(shape('line', { class: 'rail', x1: this.x(k), x2: this.x(k), y1: 0, y2: height })));
    this.lines = head.tokens.map((_, i) => this.line(i, columns));
    this.layer = shape('g', {});
    this.layer.append(...this.lines);
    svg.append(this.layer);
    this.box.append(svg);
    this.box.onpointerleave = () => this.mark(this.held);
    this.box.onkeydown = (event) => this.steer(event);
    this.box.onfocus = () => { if (this.box.matches(':focus-visible') && !this.met) this.hold(this.at(0)); };
    return this.box;
  }
  line(i, columns) {
    const g = shape('g', { class: 'line' }), last = columns - 1, bend = this.wide * 0.45;
    let way = `M ${this.left - 4} ${this.y(0, i)} H ${this.x(0)}`;
    for (let k = 1; k < columns; k++) {
      way += ` C ${this.x(k - 1) + bend} ${this.y(k - 1, i)} ${this.x(k) - bend} ${this.y(k, i)} ${this.x(k)} ${this.y(k, i)}`;
    }
    way += ` H ${this.width - this.left + 4}`;
    g.append(shape('path', { class: 'touch', d: way }), shape('path', { class: 'way', d: way }));
    const radius = (k) => this.rem * ((this.compact ? 0.1 : 0.12) + (this.compact ? 0.2 : 0.26) * Math.sqrt(this.sizes[k * this.n + i] / this.tops[k]));
    for (let k = 0; k < columns; k++) {
      g.append(shape('circle', { class: `dot${this.head.against[k][i] ? ' against' : ''}`, cx: this.x(k), cy: this.y(k, i), r: radius(k) }));
    }
    for (let k = 0; k < columns; k++) g.append(shape('text', { class: 'number', x: this.x(k), y: this.y(k, i) - radius(k) - 0.3 * this.rem }, String(this.rank(k, i))));
    g.append(this.label(i, this.left - 10, this.y(0, i), 'end'), this.label(i, this.width - this.left + 10, this.y(last, i), 'start'));
    g.onpointerenter = (event) => { if (event.pointerType !== 'touch') this.mark(i); };
    g.onclick = () => this.hold(this.held === i ? -1 : i);
    return g;
  }
  label(i, x, y, anchor) {
    const text = shape('text', { class: 'token', x, y, 'text-anchor': anchor });
    text.append(shape('tspan', { class: 'place' }, `${this.head.places[i]} `), shape('tspan', {}, `\u2068${short(this.head.tokens[i], this.room)}\u2069`));
    text.append(shape('title', {}, this.name(i)));
    return text;
  }
  paint() {                                                  // strong is what the chosen column ranks high
    const colour = between(this.root, '--st-border-color', '--st-text-color'), last = Math.min(Math.max(this.n - 1, 1), DEEP);
    this.lines.forEach((g, i) => {
      const part = Math.max(0, 1 - (this.rank(this.shade, i) - 1) / last) ** 1.5;
      g.style.setProperty('--tone', rgb(colour(0.4 + 0.6 * part)));
      g.style.setProperty('--size', `${0.06 + 0.14 * part}rem`);
      g.style.setProperty('--full', this.n > DEEP ? 0.45 + 0.55 * part : 1);
    });
    this.buttons.forEach((b, k) => b.setAttribute('aria-pressed', String(k === this.shade)));
    [...this.lines.keys()].toSorted((a, b) => this.rank(this.shade, b) - this.rank(this.shade, a)).forEach((i) => this.layer.append(this.lines[i]));
  }
  at(k) { return this.head.tokens.findIndex((_, i) => this.rank(this.shade, i) === k + 1); }
  hold(i) {
    this.met = true;
    this.held = i;
    this.mark(i);
  }
  mark(i) {
    const { head } = this;
    this.layer.setAttribute('class', i < 0 ? '' : 'marked');
    this.lines.forEach((g, j) => g.classList.toggle('on', j === i));
    if (i < 0) {
      this.told.replaceChildren(head.hint);
      this.box.removeAttribute('aria-valuenow');
      this.box.setAttribute('aria-valuetext', head.hint);
      return;
    }
    if (this.layer.lastChild !== this.lines[i]) this.layer.append(this.lines[i]);  // moved while pressed, it hears no click
    const said = head.columns.map(({ name }, k) => `${name} ${head.written[k][i]}, rank ${this.rank(k, i)}`);
    this.told.replaceChildren(el('b', '', this.name(i)), ...head.columns.flatMap(({ name }, k) => [
      el('span', '', `${name} `), el('i', '', `${head.written[k][i]}, rank ${this.rank(k, i)}`)]));
    this.box.setAttribute('aria-valuenow', String(this.rank(this.shade, i)));
    this.box.setAttribute('aria-valuetext', `${this.name(i)}: ${said.join('; ')}`);
  }
  steer(event) {
    if (modified(event)) return;
    const now = this.held < 0 ? -1 : this.rank(this.shade, this.held) - 1, last = this.n - 1;
    const to = { ArrowDown: now + 1, ArrowRight: now + 1, ArrowUp: now - 1, ArrowLeft: now - 1, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') this.hold(-1);
    else if (to === undefined) return;
    else this.hold(this.at(clamp(to, 0, last)));
    event.preventDefault();
  }
}

export default mounted(Ranks);
