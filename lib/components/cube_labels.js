// The words on the cube's picture: axes thinned until nothing touches, the plane's name, the legend.
const ROUND = [1, 2, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100, 128, 200, 256, 500, 512, 1000];   // steps between labels

class Labelled extends Solid {
  text(g, words, x, y, { size = 0.82, family = 'sans', weight = 400, colour = this.look.muted, align = 'left', room } = {}) {
    g.font = this.look.font(size, family, weight);
    g.fillStyle = rgb(colour);
    g.textAlign = align;
    g.textBaseline = 'middle';
    const shown = room ? this.shortened(g, words, room) : words;
    g.fillText(shown, x, y);
    return g.measureText(shown).width;
  }
  shortened(g, words, room) {                                // kept: a frame holds many labels
    const key = `${g.font} ${Math.round(room)} ${words}`;
    if (!this.short.has(key)) {
      const all = [...words], cut = (n) => (n < all.length ? `${all.slice(0, n).join('').trimEnd()}…` : words);
      let n = Math.min(all.length, 80);
      while (n > 1 && g.measureText(cut(n)).width > room) n--;
      this.short.set(key, cut(n));
    }
    return this.short.get(key);
  }
  stroke(g, colour, width) {
    g.strokeStyle = rgb(colour);
    g.lineWidth = width;
    g.stroke();
  }

  // ---- axes ----
  label(axis, i, text, strong) {                             // what stands beside a tick's number
    const { ink, muted, cls, sep } = this.look;
    if (axis === 'unit') return { words: '' };
    if (axis === 'text') {
      const words = this.narrow ? '' : this.head.texts[i], colour = strong ? ink : mix(ink, muted, 0.6);
      return { words, family: 'serif', size: 0.94, weight: strong ? 600 : 400, colour };
    }
    const role = this.cells.role(text, i), weight = strong || role === 'c' || role === 's' ? 600 : 400;
    const colour = { c: cls, s: sep, p: muted, w: ink }[role];
    return { words: this.head.tokens[text][i], family: 'mono', size: 0.8, weight, colour };
  }
  strong(axis, text) {                                       // the ticks that matter, the most important first
    const { head, cursor } = this, found = [cursor?.[axis]];
    if (axis === 'token') found.push(head.first[text]);
    if (axis === head.axis) found.push(head.at);
    if (axis === 'text') found.push(text);
    if (axis === this.rows && this.phase === 2) found.push(this.row);
    return new Set(found.filter((i) => i !== undefined));
  }
  apart(axis, where, angle) {                                // the room between neighbours, as a share of what a label needs
    const n = this.n[axis], { rem } = this.look, pairs = n > 1 ? [[0, 1], [n - 2, n - 1]] : [];
    const steps = pairs.map(([i, j]) => where(i).map((start, k) => where(j)[k] - start));    // a plane pulled out is no measure
    const [dx, dy] = steps.toSorted((a, b) => Math.hypot(...a) - Math.hypot(...b))[0] || [1000, 1000];
    if (axis === 'unit') return Math.max(Math.abs(dx) / (2.6 * rem), Math.abs(dy) / (1.2 * rem));
    return Math.abs(dx * Math.sin(angle) - dy * Math.cos(angle)) / ((axis === 'text' ? 0.98 : 0.78) * rem);
  }
  ticks(g, axis, where, [nx, ny], room, text = this.shownText()) {
    const n = this.n[axis], { rem, ink, muted } = this.look, centred = axis === 'unit', side = nx < 0 ? -1 : 1;
    const angle = centred ? 0 : Math.min(Math.atan2(ny, Math.abs(nx)), 0.85) * side, apart = this.apart(axis, where, angle);
    const even = (k) => !centred || Number.isInteger(Math.log2(k)), every = ROUND.find((k) => k * apart >= 1 && even(k)) || n;
    const strong = this.strong(axis, text), ends = centred && this.phase === 2 ? [0, n - 1] : [], placed = [];
    for (const i of [...strong, ...ends, ...Array.from({ length: Math.ceil(n / every) }, (_, k) => k * every)]) {
      if (placed.some((j) => Math.abs(j - i) * apart < 0.999)) continue;
      placed.push(i);
      const [x, y] = where(i), align = centred ? 'center' : side < 0 ? 'right' : 'left', colour = strong.has(i) ? ink : muted;
      const { words, ...style } = this.label(axis, i, text, this.cursor?.[axis] === i || (axis === 'text' && strong.has(i)));
      g.save();
      g.translate(x + nx * 0.5 * rem, y + ny * (centred ? 0.8 : 0.5) * rem);
      g.rotate(angle);
      const number = axis === 'text' ? i + (this.head.of ?? 0) + 1 : i;        // texts are counted from 1, as on every page
      const used = this.text(g, String(number), 0, 0, { size: 0.74, family: 'mono', align, colour }) + 0.4 * rem;
      if (words) this.text(g, words, side * used, 0, { ...style, align, room: room - used });
      g.restore();
    }
  }
  shownText() {                                              // whose tokens are written along the token axis
    if (this.cursor) return this.cursor.text;
    if (this.head.axis === 'text') return this.head.at;
    return this.rows === 'text' ? this.row : 0;
  }

  // ---- the two pictures ----
  cubeLabels(g) {
    const { rem } = this.look, whole = { low: { text: 0, token: 0, unit: 0 }, high: this.n, shift: {} };
    const shift = this.shifts(this.phase)[1], inFront = shift.token && this.lowIsNear.token;
    const front = inFront ? { ...whole, high: { ...this.n, token: 1 }, shift } : whole;
    const texts = this.edge('text', front), units = this.edge('unit', front), tokens = this.edge('token', whole);
    this.ticks(g, 'text', (i) => texts.at(i + 0.5), texts.normal, this.gutter - 0.8 * rem);
    this.ticks(g, 'unit', (i) => units.at(i), units.normal);
    this.ticks(g, 'token', (i) => tokens.at(i + 0.5), tokens.normal, (this.narrow ? 4 : this.low ? 5 : 7) * rem);
    const [x, y] = mix(units.a, units.b, 0.5).map((v, k) => v + units.normal[k] * (k ? 2.3 : 1.6) * rem);
    const leftwards = units.normal[0] < 0;
    this.text(g, `${this.n.unit} hidden dimensions`, leftwards ? Math.max(x, 9.5 * rem) : x, y, { align: leftwards ? 'right' : 'left' });
    if (tokens.normal[0] > 0) this.whose(g, tokens.a[0] > tokens.b[0] ? tokens.a : tokens.b);
    this.nameTile(g, ...this.topLeft(this.layers.flat().find((q) => q.slab && q.fixed === this.head.axis)), true);
  }
  whose(g, [x, y]) {                                         // beside the far end of the token axis
    const { rem } = this.look, style = { size: 0.78 };
    if (!this.narrow) this.text(g, 'tokens of', x + 0.6 * rem, y - 2.5 * rem, style);
    this.text(g, `text ${this.shownText() + (this.head.of ?? 0) + 1}`, x + 0.6 * rem, y - 1.5 * rem, style);
  }
  topLeft(q) {
    const c1 = q.c0 + q.cols, r1 = q.r0 + q.rows;
    const corners = [[q.c0, q.r0], [c1, q.r0], [q.c0, r1], [c1, r1]].map((p) => this.spot(q, ...p));
    return corners.toSorted((a, b) => a[0] * 0.7 + a[1] - b[0] * 0.7 - b[1])[0];
  }
  nameTile(g, x, y, leftwards = false) {                     // the solid tile is the first token's alone
    const { axis, at, index, first, firstToken } = this.head, { rem, cls, ink, paper } = this.look;
    const only = axis === 'token' && first.every((t) => t === at), number = String(index + (axis === 'text' ? 1 : 0)).replace('-', '−');
    const words = only ? firstToken : `${NAMES[axis]} ${number}`;
    g.font = this.look.font(0.82, 'mono', 600);
    const w = g.measureText(words).width + 0.7 * rem, h = 1.45 * rem, left = leftwards ? Math.max(2, x - w) : x;
    const top = y - h - (leftwards ? 0.6 : 0.35) * rem;
    g.beginPath();
    g.rect(left, top, w, h);
    g.fillStyle = rgb(only ? cls : paper);
    g.fill();
    this.stroke(g, only ? cls : ink, 1.5);
    this.text(g, words, left + 0.35 * rem, top + h / 2 + 1, { family: 'mono', weight: 600, colour: only ? paper : ink });
    return left + w;
  }
  flatLabels(g) {
    const { map, strip, columns, rows, look: { rem } } = this, text = rows === 'text' ? this.row : this.head.at;
    const h = map.h / this.n[rows], w = strip.w / this.n[columns], foot = strip.y + strip.h, right = map.x + map.w;
    this.ticks(g, rows, (i) => [map.x, map.y + (i + 0.5) * h], [-1, 0], map.x - 0.8 * rem, text);
    this.ticks(g, columns, (i) => [strip.x + (i + (columns === 'token' ? 0.5 : 0)) * w, foot], [0.001, 1], 6 * rem, text);
    if (columns === 'unit') this.text(g, `${this.n.unit} hidden dimensions`, right, foot + 2 * rem, { align: 'right' });
    this.chosenRow(g, map.y + this.row * h, h);
    const line = (k) => (this.narrow ? this.codeOf(k) : `${this.codeOf(k)}  ${this.head.shapes[k]}`);
    const code = { family: 'mono', size: 0.8 };
    const tile = this.nameTile(g, Math.max(map.x, this.mini.x + this.mini.w + 12), map.y);
    if (!this.narrow) this.text(g, line(1), tile + 0.7 * rem, map.y - 1.1 * rem, code);
    this.text(g, line(2), strip.x, strip.y - 0.8 * rem, code);
    for (const q of this.layers.slice(-2).flat()) this.numbers(g, q);
  }
  chosenRow(g, y, h) {                                       // outlined in the map, and tied to the strip
    const { map, strip } = this, right = map.x + map.w, out = right + 0.45 * this.look.rem, end = strip.y + strip.h / 2;
    g.beginPath();
    g.rect(map.x, y, map.w, h);
    g.moveTo(right, y + h / 2);
    for (const p of [[out, y + h / 2], [out, end], [right, end]]) g.lineTo(...p);
    this.stroke(g, this.look.ink, 1.5);
  }
  numbers(g, q) {                                            // in cells that are large enough to hold one
    const [cols, rows] = PLANE[q.fixed], { rem, shades } = this.look, style = { size: 0.76, align: 'center' };
    if (q.u[0] / q.cols < 2.5 * rem || q.v[1] / q.rows < 1.1 * rem) return;
    for (let r = q.r0; r < q.r0 + q.rows; r++)
      for (let c = q.c0; c < q.c0 + q.cols; c++) {
        const cell = { [q.fixed]: q.index, [cols]: c, [rows]: r }, value = this.cells.value(cell);
        if (this.cells.role(cell.text, cell.token) === 'p') continue;
        const words = value.toFixed(2).replace(/^-(?=.*[1-9])/, '−').replace('-', '');        // never −0.00
        const colour = hex(readable(shades[this.look.shade(value)]));
        this.text(g, words, ...this.middle(q, cell), { ...style, colour });
      }
  }
  legend(g) {
    const { rem, shades } = this.look, y = this.H - 0.9 * rem, w = (this.narrow ? 5 : 9) * rem;
    const limit = this.look.limit.toPrecision(3);
    g.fillStyle = rgb(this.look.paper);
    g.fillRect(0, y - 0.8 * rem, this.W, 1.8 * rem);           // a cube that is zoomed in ends here
    let x = 2 + this.text(g, `≤ −${limit}`, 2, y) + 0.5 * rem;
    for (let i = 0; i < w; i++) {
      g.fillStyle = rgb(shades[Math.round((i / w) * 4096)]);
      g.fillRect(x + i, y - 0.3 * rem, 1.5, 0.6 * rem);
    }
    x += w + 0.5 * rem;
    x += this.text(g, `≥ ${limit}`, x, y) + 1.6 * rem;
    if (this.head.roles.some((row) => row.includes('p'))) {
      this.swatch(g, x, y);
      x += 3.6 * rem + this.text(g, 'padding', x + 2 * rem, y);
    }
    const colours = 'one cell, one activation: violet below 0, green above';
    if (!this.narrow) this.text(g, x + g.measureText(colours).width < this.W ? colours : 'violet below 0, green above', x, y);
  }
  swatch(g, x, y) {
    const { rem, line, hatched } = this.look;
    g.save();
    g.beginPath();
    g.rect(x, y - 0.35 * rem, 1.6 * rem, 0.7 * rem);
    this.stroke(g, line, 1);
    g.clip();
    g.beginPath();
    for (let k = -2; k < 6; k++) {
      g.moveTo(x + k * 7, y + rem / 2);
      g.lineTo(x + k * 7 + rem, y - rem / 2);
    }
    this.stroke(g, hatched, 1.1);
    g.restore();
  }
}
