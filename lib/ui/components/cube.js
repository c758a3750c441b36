// One layer's output as a cube: every cell is one activation, and the cell under the pointer is read exactly.
// Seen without perspective a box shows three parallelograms. So picking is the inverse of an affine map, and a scan line
// filler of our own paints: one look-up a pixel, the scale's exact colours, and no GPU is needed to turn it smoothly.
const AXES = ['text', 'token', 'unit'];                      // the array's own order: batch, tokens, hidden
const PLANE = { text: ['unit', 'token'], token: ['unit', 'text'], unit: ['token', 'text'] };  // without it: columns, rows
const STEPS = { in: 'In the cube', out: 'Pulled out', flat: 'Laid flat' };
const HOME = { yaw: 0.56, pitch: 0.34, zoom: 1, panX: 0, panY: 0 };
const KEYS = {
  cube: 'Drag or arrow keys: turn · Shift + arrows: walk the cells · Enter: next step · + and −: zoom · Home: reset',
  flat: 'Arrow keys: walk the cells · click a row to read it alone · Enter: back into the cube',
  touch: 'Drag sideways to turn · tap a cell to read it',
};

const clamp = (x, low, high) => Math.max(low, Math.min(high, x));
const mix = (a, b, t) => a.map((v, k) => v + (b[k] - v) * t);
const rgb = (c) => `rgb(${c.map(Math.round)})`;
const pixel = (c, alpha = 255) => ((alpha << 24) | (c[2] << 16) | (c[1] << 8) | c[0]) >>> 0;
const signed = (x, digits) => (x === 0 ? '0' : x.toPrecision(digits).replace('-', '−').replace('e−', ' × 10^−'));
const PAD = 254;                                             // the alpha that marks a texel as padding until it is painted

const HALF = Float32Array.from({ length: 65536 }, (_, bits) => {           // float16 -> number
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
});

// The theme, read afresh whenever it may have changed, and the colour of every float16 there is.
class Look {
  constructor(node, limit) {
    const css = getComputedStyle(node), of = (name) => css.getPropertyValue(`--st-${name}`).trim();
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    [this.ink, this.muted, this.line, this.paper, this.cls, this.sep] =
      ['text-color', 'gray-text-color', 'border-color', 'background-color', 'orange-color', 'gray-color'].map((n) => hex(of(n)));
    [this.sans, this.mono, this.serif] = ['font', 'code-font', 'heading-font'].map(of);
    const ramp = scale(node, '--st-chart-diverging-colors');
    this.shades = Array.from({ length: 4097 }, (_, i) => ramp(i / 4096).map(Math.round));
    this.hatch = pixel(mix(this.paper, this.muted, 0.42).map(Math.round));
    this.real = new Uint32Array(65536);
    this.filler = new Uint32Array(65536);
    const real = this.shades.map((c) => pixel(c));
    const filler = this.shades.map((c) => pixel(mix(c, this.paper, 0.62).map(Math.round), PAD));
    for (let bits = 0; bits < 65536; bits++) {
      const i = clamp(Math.round(2048 + (2048 * HALF[bits]) / limit), 0, 4096);
      this.real[bits] = real[i];
      this.filler[bits] = filler[i];
    }
  }
  font(size, family = 'sans', weight = 400) { return `${weight} ${size * this.rem}px ${this[family]}`; }
}

// The numbers: the whole array, or (a large cube) only the planes that can be seen.
class Cells {
  constructor(bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    this.head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    this.bits = new Uint16Array(bytes.slice(4 + length).buffer);            // slice: the view in the message is not aligned
    const [text, token, unit] = this.head.size;
    this.n = { text, token, unit };
    this.stride = { text: token * unit, token: unit, unit: 1 };
    this.stored = this.head.planes && new Map(this.head.planes);
    this.textures = new Map();
  }
  role(text, token) { return this.head.roles[text][token]; }
  plane(axis, index) {                                       // where a plane's cells are
    const [cols, rows] = PLANE[axis];
    if (!this.stored) return { base: index * this.stride[axis], col: this.stride[cols], row: this.stride[rows] };
    const base = this.stored.get(`${axis} ${index}`);
    return base === undefined ? null : { base, col: 1, row: this.n[cols] };
  }
  value(cell) {
    for (const axis of AXES) {
      const p = this.plane(axis, cell[axis]), [cols, rows] = PLANE[axis];
      if (p) return HALF[this.bits[p.base + cell[cols] * p.col + cell[rows] * p.row]];
    }
    return NaN;
  }
  // A plane as pixels; level (x, y) averages 2^x by 2^y cells, for planes that have more cells than the screen has pixels.
  texture(look, axis, index, x, y) {
    const key = `${axis} ${index} ${x} ${y}`;
    if (!this.textures.has(key))
      this.textures.set(key, x + y ? this.averaged(this.texture(look, axis, index, 0, 0), x, y) : this.painted(look, axis, index));
    return this.textures.get(key);
  }
  painted(look, axis, index) {
    const [cols, rows] = PLANE[axis], w = this.n[cols], h = this.n[rows], { base, col, row } = this.plane(axis, index);
    const px = new Uint32Array(w * h);
    for (let r = 0, k = 0; r < h; r++)
      for (let c = 0; c < w; c++) {
        const role = axis === 'text' ? this.role(index, r) : this.role(r, axis === 'token' ? index : c);
        px[k++] = (role === 'p' ? look.filler : look.real)[this.bits[base + r * row + c * col]];
      }
    return { px, w, h };
  }
  averaged({ px, w, h }, x, y) {
    const W = Math.ceil(w / 2 ** x), H = Math.ceil(h / 2 ** y), sum = new Float64Array(W * H * 5), out = new Uint32Array(W * H);
    for (let r = 0, k = 0; r < h; r++)
      for (let c = 0; c < w; c++, k++) {
        const o = ((r >> y) * W + (c >> x)) * 5, p = px[k];
        sum[o] += p & 255; sum[o + 1] += (p >> 8) & 255; sum[o + 2] += (p >> 16) & 255; sum[o + 3] += p >>> 24; sum[o + 4]++;
      }
    for (let i = 0, o = 0; i < out.length; i++, o += 5)
      out[i] = pixel([0, 1, 2].map((k) => Math.round(sum[o + k] / sum[o + 4])), Math.round(sum[o + 3] / sum[o + 4]));
    return { px: out, w: W, h: H };
  }
}

// Paints one parallelogram (pixels of the screen) with its part of a plane.
function fill(out, width, height, q, cells, look, zoom) {
  const [ox, oy] = q.o, det = q.u[0] * q.v[1] - q.u[1] * q.v[0];
  if (Math.abs(det) < 1) return;
  let cx = (q.cols * q.v[1]) / det, cy = (-q.cols * q.v[0]) / det;          // columns a pixel, along x and y
  let rx = (-q.rows * q.u[1]) / det, ry = (q.rows * q.u[0]) / det;          // rows a pixel
  const level = (a, b) => Math.max(0, Math.ceil(Math.log2(Math.max(Math.abs(a), Math.abs(b))) - 0.3));
  const lx = level(cx, cy), ly = level(rx, ry), sx = 2 ** -lx, sy = 2 ** -ly;
  const { px, w } = cells.texture(look, q.fixed, q.index, lx, ly);
  const c0 = q.c0 * sx, c1 = (q.c0 + q.cols) * sx, r0 = q.r0 * sy, r1 = (q.r0 + q.rows) * sy;
  cx *= sx; cy *= sx; rx *= sy; ry *= sy;
  const ys = [oy, oy + q.u[1], oy + q.v[1], oy + q.u[1] + q.v[1]];
  const top = clamp(Math.floor(Math.min(...ys)), 0, height), end = clamp(Math.ceil(Math.max(...ys)), 0, height);
  const colPx = Math.hypot(...q.u) / (c1 - c0), rowPx = Math.hypot(...q.v) / (r1 - r0), gap = 7 * zoom, stroke = 1.1 * zoom;
  for (let y = top; y < end; y++) {
    const dy = y + 0.5 - oy, c = c0 + cy * dy - cx * (ox - 0.5), r = r0 + ry * dy - rx * (ox - 0.5);  // at pixel x = 0
    let from = 0, to = width;
    for (const [start, slope, low, high] of [[c, cx, c0, c1], [r, rx, r0, r1]]) {
      if (Math.abs(slope) < 1e-9) { if (start < low || start >= high) to = 0; continue; }
      const a = (low - start) / slope, b = (high - start) / slope;
      from = Math.max(from, Math.ceil(Math.min(a, b) + 1e-7));
      to = Math.min(to, Math.ceil(Math.max(a, b) - 1e-7));
    }
    for (let x = from, k = y * width + from; x < to; x++, k++) {
      const col = c + cx * x, row = r + rx * x, p = px[(row | 0) * w + (col | 0)];
      if (p >= 0xff000000) out[k] = p;
      else out[k] = (col * colPx + row * rowPx) % gap < stroke ? look.hatch : (p | 0xff000000) >>> 0;
    }
  }
}

class Cube {
  constructor(root) {
    Object.assign(this, { root, pose: { ...HOME }, phase: 0, step: 'in', row: 0, cursor: null, words: new Map() });
    this.build();
    this.listen();
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.stage);
  }
  leave() { this.watch.disconnect(); cancelAnimationFrame(this.frame); clearTimeout(this.later); }

  build() {
    const button = (text, act, label = text) => {
      const b = el('button', 'b', text);
      Object.assign(b, { type: 'button', onclick: act, ariaLabel: label });
      return b;
    };
    const group = (cls, label, ...buttons) => {
      const g = el('div', cls);
      g.setAttribute('role', 'group'); g.ariaLabel = label;
      g.append(...buttons);
      return g;
    };
    this.buttons = Object.entries(STEPS).map(([step, text]) => button(text, () => this.go(step)));
    const bar = el('div', 'bar');
    bar.append(
      group('steps', 'Where the plane is', ...this.buttons),
      group('tools', 'View', button('−', () => this.zoom(1 / 1.25), 'Zoom out'), button('+', () => this.zoom(1.25), 'Zoom in'),
        button('Reset view', () => this.reset()), button('Save PNG', () => this.save())),
    );
    [this.code, this.held, this.stage, this.tip] = ['code', 'held', 'stage', 'tip'].map((cls) => el('div', cls));
    [this.hint, this.status] = [el('div', 'hint'), el('div', 'sr')];
    this.status.setAttribute('role', 'status');
    this.stage.tabIndex = 0;
    this.stage.setAttribute('role', 'application');
    this.stage.setAttribute('aria-roledescription', 'activation cube');
    this.canvas = el('canvas');
    this.canvas.ariaHidden = this.tip.ariaHidden = 'true';
    this.stage.append(this.canvas, this.tip);
    this.root.replaceChildren(bar, this.code, this.held, this.stage, this.hint, this.status);
  }
  show(bytes) {
    if (bytes !== this.bytes) {
      const fresh = !this.cells;
      this.bytes = bytes;
      this.cells = new Cells(bytes);
      this.head = this.cells.head;
      this.n = this.cells.n;
      if (fresh) { [this.step, this.row] = this.head.start; this.phase = Object.keys(STEPS).indexOf(this.step); }
      this.row = clamp(this.row, 0, this.n[PLANE[this.head.axis][1]] - 1);
      if (this.cursor && AXES.some((axis) => this.cursor[axis] >= this.n[axis])) this.cursor = null;
      this.stage.ariaLabel = `${this.head.words} ${KEYS.cube}`;
    }
    this.look = new Look(this.root, this.head.limit);
    const fonts = ['sans', 'mono', 'serif'].map((family) => document.fonts.load(this.look.font(1, family)));
    Promise.all(fonts).then(() => { this.words.clear(); this.draw(); });     // a canvas does not wait for its fonts
    this.cells.textures.clear();
    this.words.clear();
    this.tell();
    this.draw();
  }

  // ---- where things are ----
  aim({ yaw, pitch }) {                                      // each axis on the screen, and which of its ends is near
    const cy = Math.cos(yaw), sy = Math.sin(yaw), cp = Math.cos(pitch), sp = Math.sin(pitch);
    this.dir = { unit: [cy, sp * sy], text: [0, cp], token: [sy, -sp * cy] };
    this.lowIsNear = { unit: -sy * cp > 0, text: sp > 0, token: cy * cp > 0 };
  }
  plan() {                                                   // areas of the stage; edges of the cube; all in CSS pixels
    const W = this.stage.clientWidth, H = this.stage.clientHeight, rem = this.look.rem, { text: B, token: T } = this.n;
    const narrow = W < 600, gutter = narrow ? 2 * rem : Math.min(12.5 * rem, W * 0.2), foot = 1.9 * rem;
    const Y = Math.min(0.16 + 0.17 * Math.log2(B), 0.8), Z = Math.min(0.3 + 0.15 * Math.log2(T), 1.15) * (narrow ? 0.8 : 1);
    const cube = { x: gutter, y: 2 * rem, w: W - gutter - (narrow ? 3 : 6) * rem, h: H - 6.2 * rem - foot };
    this.aim(HOME);
    const a = cube.w / cube.h, [ux, uy] = this.dir.unit, [tx, ty] = this.dir.token;
    const X = clamp((a * (Y * this.dir.text[1] - ty * Z) - tx * Z) / (ux - a * uy), 0.9, 2.3);  // so that it fills the area
    this.size = { unit: X, text: Y, token: Z };
    const [cols, rows] = PLANE[this.head.axis], top = 7 * rem, axis = (cols === 'token' ? 5.4 : 3) * rem, gap = 2.6 * rem;
    const room = H - foot - axis - gap - top, strip = clamp(room * 0.3, 2.5 * rem, 6 * rem);
    const left = Math.max(gutter, narrow && rows === 'token' ? 4.5 * rem : 0), w = W - left - 0.8 * rem;
    const h = Math.min(room - strip, this.n[rows] * 4 * rem);
    Object.assign(this, { W, H, narrow, gutter, area: cube, foot });
    this.map = { x: left, y: top, w, h };
    this.strip = { x: left, y: top + h + gap, w, h: strip };
    this.mini = { x: 4, y: 4, w: Math.min(gutter * (narrow ? 4 : 1) - 12, W * 0.4), h: top - 1.6 * rem };
  }
  shifts(pull) {                                             // how far the part before the cut and the cut itself have moved
    const { axis, at: i } = this.head, { text: Y, token: Z } = this.size;
    if (this.n[axis] === 1) return [{}, {}];
    if (axis === 'text') {                                   // lift the lid, then the plane a little
      const lift = i === this.n.text - 1 ? 0 : -pull * (i ? 0.12 : 0.5);
      return [{ text: lift - pull * 0.6 }, { text: lift }];
    }
    if (axis === 'token' && i === 0) return [{}, { token: -pull * Math.max(0.45, 0.65 * Z) }];  // towards the reader
    return [{}, { text: -pull * Y * 1.08 }];                 // up, like a card from a box
  }
  boxes(pull) {                                              // far to near
    const { axis, at: i } = this.head, [before, cut] = this.shifts(pull);
    const box = (low, high, shift, slab) =>
      ({ low: { text: 0, token: 0, unit: 0, [axis]: low }, high: { ...this.n, [axis]: high }, shift, slab });
    const all = [box(0, i, before, false), box(i, i + 1, cut, true), box(i + 1, this.n[axis], {}, false)];
    const some = all.filter((b) => b.low[axis] < b.high[axis]);
    return this.lowIsNear[axis] ? some.reverse() : some;
  }
  project(view, shift, cell) {
    const p = [view.x, view.y];
    for (const axis of AXES) {
      const along = view.k * ((cell[axis] * this.size[axis]) / this.n[axis] + (shift[axis] || 0));
      p[0] += this.dir[axis][0] * along;
      p[1] += this.dir[axis][1] * along;
    }
    return p;
  }
  bounds(pose, pull) {
    this.aim(pose);
    const points = this.boxes(pull).flatMap((b) => [0, 1, 2, 3, 4, 5, 6, 7].map((k) => this.project({ k: 1, x: 0, y: 0 }, b.shift,
      { unit: (k & 1 ? b.high : b.low).unit, text: (k & 2 ? b.high : b.low).text, token: (k & 4 ? b.high : b.low).token })));
    const [xs, ys] = [0, 1].map((k) => points.map((p) => p[k]));
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }
  view(area, pull, { zoom, panX, panY }) {                   // no larger than at home: turning must not make it breathe
    const fits = (b) => Math.min(area.w / (b[2] - b[0]), area.h / (b[3] - b[1]));
    const home = fits(this.bounds(HOME, pull)), b = this.bounds(this.pose, pull), k = Math.min(home, fits(b)) * zoom;
    return { k, x: area.x + (area.w - k * (b[0] + b[2])) / 2 + panX, y: area.y + (area.h - k * (b[1] + b[3])) / 2 + panY };
  }
  faces(view, box) {
    return AXES.map((fixed) => {
      const near = this.lowIsNear[fixed], [cols, rows] = PLANE[fixed], count = (axis) => box.high[axis] - box.low[axis];
      const along = (axis) => this.dir[axis].map((d) => (d * view.k * count(axis) * this.size[axis]) / this.n[axis]);
      const o = this.project(view, box.shift, near ? box.low : { ...box.low, [fixed]: box.high[fixed] });
      const index = near ? box.low[fixed] : box.high[fixed] - 1;
      return { fixed, index, o, u: along(cols), v: along(rows), c0: box.low[cols], cols: count(cols), r0: box.low[rows], rows: count(rows), slab: box.slab };
    });
  }
  sheet({ x, y, w, h }, r0, count) {                         // rows of the cut as an upright rectangle
    const { axis: fixed, at: index } = this.head, cols = this.n[PLANE[fixed][0]];
    return { fixed, index, o: [x, y], u: [w, 0], v: [0, h], c0: 0, cols, r0, rows: count, slab: true };
  }
  compose() {                                                // this.layers: lists of faces, far to near
    this.plan();
    const pull = Math.min(1, this.phase), lay = Math.max(0, this.phase - 1), out = this.view(this.area, pull, this.pose);
    const away = lay ? this.view(this.mini, 1, HOME) : out;
    this.at = { k: mix([out.k], [away.k], lay)[0], x: mix([out.x], [away.x], lay)[0], y: mix([out.y], [away.y], lay)[0] };
    const boxes = this.boxes(pull);
    this.layers = boxes.map((b) => this.faces(this.at, b).map((q) => ({ ...q, ghost: lay > 0 && b.slab })));
    if (!lay) return;
    const from = this.faces(out, boxes.find((b) => b.slab)).find((q) => q.fixed === this.head.axis);
    const to = this.sheet(this.map, 0, this.n[PLANE[this.head.axis][1]]);
    this.layers.push([{ ...to, o: mix(from.o, to.o, lay), u: mix(from.u, to.u, lay), v: mix(from.v, to.v, lay) }]);
    if (lay === 1) this.layers.push([this.sheet(this.strip, this.row, 1)]);
  }

  // ---- drawing ----
  draw() {
    this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.paint(); });
  }
  paint() {
    if (!this.cells || !this.stage.clientWidth) return;
    this.compose();
    const zoom = Math.min(2, window.devicePixelRatio || 1), w = Math.round(this.W * zoom), h = Math.round(this.H * zoom);
    if (this.canvas.width !== w || this.canvas.height !== h) {
      Object.assign(this.canvas, { width: w, height: h });
      this.image = new ImageData(w, h);
    }
    this.picture(this.canvas.getContext('2d', { willReadFrequently: true }), this.image, zoom, 0);
    this.point();
  }
  picture(g, image, zoom, top) {
    const pixels = new Uint32Array(image.data.buffer), larger = (p) => p.map((x) => x * zoom);
    pixels.fill(0);
    for (const q of this.layers.flat().filter((face) => !face.ghost))
      fill(pixels, image.width, image.height, { ...q, o: larger(q.o), u: larger(q.u), v: larger(q.v) }, this.cells, this.look, zoom);
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.putImageData(image, 0, top * zoom);
    g.setTransform(zoom, 0, 0, zoom, 0, top * zoom);
    this.outlines(g);
    if (this.phase <= 1) this.cubeLabels(g);
    if (this.phase === 2) this.flatLabels(g);
    this.legend(g);
  }
  trace(g, q, [c, r, cols, rows] = [q.c0, q.r0, q.cols, q.rows]) {           // the path round some cells of a face
    const corner = (x, y) => q.o.map((o, k) => o + (q.u[k] * (x - q.c0)) / q.cols + (q.v[k] * (y - q.r0)) / q.rows);
    g.beginPath();
    for (const p of [corner(c, r), corner(c + cols, r), corner(c + cols, r + rows), corner(c, r + rows)]) g.lineTo(...p);
    g.closePath();
  }
  stroke(g, colour, width) {
    g.strokeStyle = rgb(colour);
    g.lineWidth = width;
    g.stroke();
  }
  outlines(g) {
    g.lineJoin = 'miter';
    this.layers.forEach((faces, depth) => {
      g.save();
      for (const q of this.layers.slice(depth + 1).flat()) {                 // nothing shines through what is nearer
        this.trace(g, q);
        g.rect(-1, -1, this.W + 2, this.H + 2);
        g.clip('evenodd');
      }
      for (const q of faces) {
        this.trace(g, q);
        this.stroke(g, q.slab ? this.look.ink : mix(this.look.paper, this.look.muted, 0.7), q.slab ? 2 : 1);
      }
      for (const q of faces)
        for (const cells of this.firsts(q)) { this.trace(g, q, cells); this.stroke(g, this.look.cls, q.slab ? 2 : 1.5); }
      for (const q of faces) this.ring(g, q);
      g.restore();
    });
  }
  firsts(q) {                                                // which cells of a face belong to the first real token
    const { first } = this.head, last = q.r0 + q.rows, within = (t) => t >= q.c0 && t < q.c0 + q.cols;
    if (q.fixed === 'text') return first[q.index] >= q.r0 && first[q.index] < last ? [[q.c0, first[q.index], q.cols, 1]] : [];
    const found = [];
    for (let r = q.r0, start = r; r < last; r++) {           // runs of rows that agree become one outline
      if (r + 1 < last && first[r + 1] === first[r]) continue;
      if (q.fixed === 'token' && first[r] === q.index) found.push([q.c0, start, q.cols, r + 1 - start]);
      if (q.fixed === 'unit' && within(first[r])) found.push([first[r], start, 1, r + 1 - start]);
      start = r + 1;
    }
    return found;
  }
  ring(g, q) {                                               // round the cell that is read, at least 5 px wide
    const cell = this.cursor && this.locate(q, this.cursor);
    if (!cell) return;
    const grow = (edge, count) => Math.max(1, 5 / (Math.hypot(...edge) / count)), w = grow(q.u, q.cols), h = grow(q.v, q.rows);
    this.trace(g, q, [cell[0] + 0.5 - w / 2, cell[1] + 0.5 - h / 2, w, h]);
    this.stroke(g, this.look.paper, 4.5);
    this.stroke(g, this.look.ink, 2);
  }
  locate(q, cell) {                                          // [column, row] of a cell on a face that shows it
    const [cols, rows] = PLANE[q.fixed], c = cell[cols], r = cell[rows];
    return cell[q.fixed] === q.index && c >= q.c0 && c < q.c0 + q.cols && r >= q.r0 && r < q.r0 + q.rows ? [c, r] : null;
  }
  middle(q, cell) {
    const [c, r] = this.locate(q, cell), f = (c + 0.5 - q.c0) / q.cols, h = (r + 0.5 - q.r0) / q.rows;
    return q.o.map((o, k) => o + q.u[k] * f + q.v[k] * h);
  }

  // ---- words on the picture ----
  text(g, words, x, y, { size = 0.82, family = 'sans', weight = 400, colour = this.look.muted, align = 'left', room = Infinity } = {}) {
    g.font = this.look.font(size, family, weight);
    g.fillStyle = rgb(colour);
    g.textAlign = align;
    g.textBaseline = 'middle';
    const shown = this.cut(g, words, room);
    g.fillText(shown, x, y);
    return g.measureText(shown).width;
  }
  cut(g, words, room) {                                      // measured once a font and width: there are many labels a frame
    const key = `${g.font} ${room} ${words}`;
    if (!this.words.has(key)) {
      const all = [...words];
      let n = all.length;
      const fits = () => g.measureText(n < all.length ? `${all.slice(0, n).join('').trimEnd()}…` : words).width <= room;
      if (n > 80) n = 80;
      while (n > 1 && !fits()) n--;
      this.words.set(key, n < all.length ? `${all.slice(0, n).join('').trimEnd()}…` : words);
    }
    return this.words.get(key);
  }
  tokenStyle(text, token, strong) {
    const role = this.cells.role(text, token), { cls, sep, muted, ink } = this.look;
    return { family: 'mono', size: 0.8, weight: role === 'c' || role === 's' || strong ? 600 : 400,
      colour: { c: cls, s: sep, p: muted, w: ink }[role] };
  }
  label(axis, i, strong, text) {                             // a tick's number, its words and how they are written
    if (axis === 'unit') return { number: String(i), words: '', style: {} };
    if (axis === 'token') return { number: String(i), words: this.head.tokens[text][i], style: this.tokenStyle(text, i, strong) };
    const style = { family: 'serif', size: 0.94, colour: strong ? this.look.ink : mix(this.look.ink, this.look.muted, 0.6), weight: strong ? 600 : 400 };
    return { number: String(i), words: this.narrow ? '' : this.head.texts[i], style };
  }
  // Labels along an edge, thinned until no two touch; those that matter are placed first.
  ticks(g, axis, where, [nx, ny], room, text = this.shownText()) {
    const n = this.n[axis], rem = this.look.rem, upright = axis === 'unit';
    const angle = upright ? 0 : Math.min(Math.atan2(ny, Math.abs(nx)), 0.72) * Math.sign(nx || 1), side = nx < 0 ? -1 : 1;
    const turn = [Math.cos(angle), Math.sin(angle)], step = this.gap(where, n);
    const apart = upright ? Math.max(Math.abs(step[0]) / (2.6 * rem), Math.abs(step[1]) / (1.2 * rem))
      : Math.abs(step[0] * turn[1] - step[1] * turn[0]) / ((axis === 'text' ? 1.2 : 0.86) * rem);
    const every = 2 ** Math.max(0, Math.ceil(Math.log2(1 / Math.max(apart, 1e-6)))), placed = [];
    const strong = new Set([this.cursor?.[axis], axis === this.head.axis ? this.head.at : undefined,
      axis === 'token' ? this.head.first[text] : undefined, PLANE[this.head.axis][1] === axis && this.phase === 2 ? this.row : undefined]);
    const order = [...[...strong].filter((i) => i !== undefined), ...Array.from({ length: Math.ceil(n / every) }, (_, k) => k * every)];
    for (const i of order) {
      if (placed.some((j) => Math.abs(j - i) * apart < 0.999)) continue;
      placed.push(i);
      const { number, words, style } = this.label(axis, i, this.cursor?.[axis] === i || (axis === 'text' && strong.has(i)), text), [x, y] = where(i);
      g.save();
      g.translate(x + nx * 0.5 * rem, y + ny * (upright ? 0.8 : 0.5) * rem);
      g.rotate(angle);
      const align = upright ? 'center' : side < 0 ? 'right' : 'left';
      const used = this.text(g, number, 0, 0, { size: 0.74, family: 'mono', align, colour: strong.has(i) ? this.look.ink : this.look.muted });
      if (words) this.text(g, words, side * (used + 0.4 * rem), 0, { ...style, align, room: room - used - 0.4 * rem });
      g.restore();
    }
  }
  gap(where, n) {                                            // from one label to the next; a plane pulled out is no measure
    const steps = [[0, 1], [n - 2, n - 1]].filter(([i]) => i >= 0 && n > 1).map(([i, j]) => where(i).map((a, k) => where(j)[k] - a));
    return steps.sort((a, b) => Math.hypot(...a) - Math.hypot(...b))[0] || [1000, 1000];
  }
  shownText() { return this.cursor ? this.cursor.text : this.head.axis === 'text' ? this.head.at : PLANE[this.head.axis][1] === 'text' ? this.row : 0; }
  // An outline edge of the cube along an axis: the leftmost for the texts, the lowest for the others.
  edge(axis, box) {
    const [p, q] = PLANE[axis], ends = { ...box.low }, found = [];
    for (const pHigh of [false, true])
      for (const qHigh of [false, true]) {
        if ((this.lowIsNear[p] !== pHigh) === (this.lowIsNear[q] !== qHigh)) continue;       // both or neither side is seen
        const fixed = { ...ends, [p]: (pHigh ? box.high : box.low)[p], [q]: (qHigh ? box.high : box.low)[q] };
        const own = (i) => (this.head.axis === axis ? this.ownShift(axis, Math.floor(i)) : 0);
        const at = (i) => this.project(this.at, { ...box.shift, [axis]: (box.shift[axis] || 0) + own(i) }, { ...fixed, [axis]: i });
        const a = at(0), b = at(this.n[axis] - 1e-6);
        found.push({ at, a, b, rank: axis === 'text' ? -a[0] - b[0] : a[1] + b[1] });
      }
    const { at, a, b } = found.sort((m, n) => n.rank - m.rank)[0], length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const normal = [(b[1] - a[1]) / length, (a[0] - b[0]) / length], out = axis === 'text' ? normal[0] < 0 : normal[1] > 0;
    return { at, a, b, normal: out ? normal : normal.map((x) => -x) };
  }
  ownShift(axis, i) {
    const [before, cut] = this.shifts(Math.min(1, this.phase)), { at } = this.head;
    return (i < at ? before : i === at ? cut : {})[axis] || 0;
  }
  cubeLabels(g) {
    const { rem, mono } = this.look, whole = { low: { text: 0, token: 0, unit: 0 }, high: this.n, shift: {} }, shift = this.shifts(this.phase)[1];
    const front = this.head.axis === 'token' && shift.token && this.lowIsNear.token ? { low: whole.low, high: { ...this.n, token: 1 }, shift } : whole;
    const texts = this.edge('text', front), units = this.edge('unit', front), tokens = this.edge('token', whole);
    this.ticks(g, 'text', (i) => texts.at(i + 0.5), texts.normal, this.gutter - 0.8 * rem);
    this.ticks(g, 'unit', (i) => units.at(i), units.normal);
    this.ticks(g, 'token', (i) => tokens.at(i + 0.5), tokens.normal, (this.narrow ? 4 : 7) * rem);
    const [x, y] = mix(units.a, units.b, 0.5).map((v, k) => v + units.normal[k] * (k ? 2.3 : 1.6) * rem);
    this.text(g, `${this.n.unit} hidden units`, x, y, { align: 'right' });
    const slab = this.layers.flat().find((q) => q.slab && q.fixed === this.head.axis);
    if (slab && this.phase > 0.5) this.nameTile(g, ...this.tileCorner(slab));
  }
  tileCorner(q) {
    const corners = [q.o, [q.o[0] + q.u[0], q.o[1] + q.u[1]], [q.o[0] + q.v[0], q.o[1] + q.v[1]], [q.o[0] + q.u[0] + q.v[0], q.o[1] + q.u[1] + q.v[1]]];
    return corners.sort((a, b) => a[0] * 0.7 + a[1] - b[0] * 0.7 - b[1])[0];
  }
  nameTile(g, x, y) {                                        // the plane's name: the solid tile is the first token's alone
    const { axis, at, index, first, firstToken } = this.head, { rem, cls, ink, paper } = this.look;
    const only = axis === 'token' && first.every((t) => t === at), words = only ? firstToken : `${axis === 'token' ? 'position' : axis} ${signed(index, 6)}`;
    g.font = this.look.font(0.82, 'mono', 600);
    const w = g.measureText(words).width + 0.7 * rem, h = 1.45 * rem, top = y - h - 0.35 * rem;
    g.fillStyle = rgb(only ? cls : paper);
    g.fillRect(x, top, w, h);
    g.beginPath();
    g.rect(x, top, w, h);
    this.stroke(g, only ? cls : ink, 1.5);
    this.text(g, words, x + 0.35 * rem, top + h / 2 + 1, { family: 'mono', weight: 600, colour: only ? paper : ink });
    return x + w;
  }
  flatLabels(g) {
    const { rem } = this.look, [cols, rows] = PLANE[this.head.axis], { map, strip } = this, text = rows === 'text' ? this.row : this.head.at;
    const y = (i) => map.y + ((i + 0.5) * map.h) / this.n[rows], x = (i) => strip.x + ((i + (cols === 'token' ? 0.5 : 0)) * strip.w) / this.n[cols];
    this.ticks(g, rows, (i) => [map.x, y(i)], [-1, 0], map.x - 0.8 * rem, text);
    this.ticks(g, cols, (i) => [x(i), strip.y + strip.h], [0.001, 1], 6 * rem, text);
    if (cols === 'unit') this.text(g, `${this.n.unit} hidden units`, strip.x + strip.w, strip.y + strip.h + 2 * rem, { align: 'right' });
    const tile = this.nameTile(g, Math.max(map.x, this.mini.x + this.mini.w + 12), map.y);
    const h = map.h / this.n[rows], right = map.x + map.w, out = right + 0.45 * rem;
    g.beginPath();                                           // from the chosen row to the strip
    g.rect(map.x, map.y + this.row * h, map.w, h);
    g.moveTo(right, map.y + (this.row + 0.5) * h);
    for (const p of [[out, map.y + (this.row + 0.5) * h], [out, strip.y + strip.h / 2], [right, strip.y + strip.h / 2]]) g.lineTo(...p);
    this.stroke(g, this.look.ink, 1.5);
    const line = (k, x, y) => this.text(g, `${this.codeOf(k)}  ${this.head.shapes[k]}`, x, y, { family: 'mono', size: 0.8, room: right - x });
    line(1, tile + 0.7 * rem, map.y - 1.1 * rem);
    line(2, strip.x, strip.y - 0.8 * rem);
    for (const q of this.layers.slice(-2).flat()) this.numbers(g, q);
  }
  numbers(g, q) {                                            // in cells that are large enough to hold one
    const w = q.u[0] / q.cols, h = q.v[1] / q.rows, [cols, rows] = PLANE[q.fixed], { rem, shades } = this.look;
    if (w < 2.9 * rem || h < 1.1 * rem) return;
    for (let r = q.r0; r < q.r0 + q.rows; r++)
      for (let c = q.c0; c < q.c0 + q.cols; c++) {
        const cell = { [q.fixed]: q.index, [cols]: c, [rows]: r }, value = this.cells.value(cell), [x, y] = this.middle(q, cell);
        if (this.cells.role(cell.text, cell.token) === 'p') continue;
        const [red, green, blue] = shades[clamp(Math.round(2048 + (2048 * value) / this.head.limit), 0, 4096)];
        const light = red * 0.3 + green * 0.59 + blue * 0.11 > 140;
        this.text(g, value.toFixed(2).replace('-', '−'), x, y, { size: 0.76, align: 'center', colour: light ? [23, 32, 44] : [255, 255, 255] });
      }
  }
  legend(g) {
    const { rem, shades, hatch } = this.look, y = this.H - 0.9 * rem, w = (this.narrow ? 5 : 9) * rem, limit = this.head.limit.toPrecision(3);
    let x = 2 + this.text(g, `≤ −${limit}`, 2, y) + 0.5 * rem;
    for (let i = 0; i < w; i++) { g.fillStyle = rgb(shades[Math.round((i / w) * 4096)]); g.fillRect(x + i, y - 0.3 * rem, 1.5, 0.6 * rem); }
    x += w + 0.5 * rem;
    x += this.text(g, `≥ ${limit}`, x, y) + 1.6 * rem;
    if (this.head.roles.some((row) => row.includes('p'))) {
      g.save();
      g.beginPath();
      g.rect(x, y - 0.35 * rem, 1.6 * rem, 0.7 * rem);
      this.stroke(g, this.look.line, 1);
      g.clip();
      g.beginPath();
      for (let k = -2; k < 8; k++) { g.moveTo(x + k * 6, y + rem / 2); g.lineTo(x + k * 6 + rem, y - rem / 2); }
      this.stroke(g, mix(this.look.paper, this.look.muted, 0.5), 1.1);
      g.restore();
      x += 2 * rem + this.text(g, 'padding', x + 2 * rem, y) + 1.6 * rem;
    }
    if (!this.narrow) this.text(g, 'one cell, one activation: violet below 0, green above', x, y);
  }
  codeOf(k) { return this.head.code[k].replace('{row}', this.row); }
  async save() {
    const zoom = 2, top = 4.2 * this.look.rem, big = el('canvas'), { rem, ink, muted, paper } = this.look;
    Object.assign(big, { width: Math.round(this.W * zoom), height: Math.round((this.H + top) * zoom) });
    const g = big.getContext('2d', { willReadFrequently: true }), k = this.step === 'flat' ? 2 : 1;
    this.picture(g, new ImageData(big.width, Math.round(this.H * zoom)), zoom, top);
    g.setTransform(zoom, 0, 0, zoom, 0, 0);
    this.text(g, `${this.codeOf(k)}  ${this.head.shapes[k]}`, 0.5 * rem, 1.2 * rem, { family: 'mono', size: 0.94, weight: 600, colour: ink, room: this.W - rem });
    this.text(g, this.head.held, 0.5 * rem, 2.8 * rem, { size: 0.9, colour: muted, room: this.W - rem });
    g.globalCompositeOperation = 'destination-over';
    g.fillStyle = rgb(paper);
    g.fillRect(0, 0, this.W, this.H + top);
    const a = el('a');
    a.href = URL.createObjectURL(await new Promise((done) => big.toBlob(done)));
    a.download = 'cube.png';
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 1000);
  }

  // ---- reading and moving ----
  pick(x, y) {
    const faces = this.phase === 2 ? this.layers.slice(-2).flat() : this.layers.flat();
    for (const q of faces.reverse()) {
      const det = q.u[0] * q.v[1] - q.u[1] * q.v[0], dx = x - q.o[0], dy = y - q.o[1];
      if (Math.abs(det) < 1e-6) continue;
      const a = (dx * q.v[1] - dy * q.v[0]) / det, b = (q.u[0] * dy - q.u[1] * dx) / det, [cols, rows] = PLANE[q.fixed];
      if (a >= 0 && b >= 0 && a < 1 && b < 1)
        return { [q.fixed]: q.index, [cols]: q.c0 + Math.floor(a * q.cols), [rows]: q.r0 + Math.floor(b * q.rows) };
    }
    return null;
  }
  read(cell, where) {                                        // the cell under the pointer or the keyboard's cursor
    const same = cell && this.cursor && AXES.every((axis) => cell[axis] === this.cursor[axis]);
    this.where = where;
    if (same || (!cell && !this.cursor)) return this.point();
    this.cursor = cell;
    this.tip.hidden = !cell;
    if (cell) this.say(cell);
    return this.draw();
  }
  say(cell) {
    const { tokens, texts } = this.head, token = tokens[cell.text][cell.token], role = this.cells.role(cell.text, cell.token);
    const value = this.cells.value(cell), place = `text ${cell.text} · position ${cell.token} · unit ${cell.unit}`;
    const filler = role === 'p' ? `${token} filler: nobody reads it, but the model computed it` : '';
    const name = el('b', role === 'c' ? 'first' : '', token);
    this.tip.replaceChildren(name, el('strong', '', signed(value, 4)), el('i', '', texts[cell.text]), el('span', '', place));
    if (filler) this.tip.append(el('em', '', filler));
    this.status.textContent = `${token}, ${texts[cell.text]}, ${place}, value ${signed(value, 4)}. ${filler}`;
    Object.assign(this.status.dataset, { text: cell.text, token: cell.token, unit: cell.unit, value });
  }
  point() {                                                  // the tip beside the cell, inside the stage
    if (!this.cursor) { this.tip.hidden = true; return; }
    const shown = this.layers.flat().reverse().find((q) => this.locate(q, this.cursor));
    const [x, y] = this.where || (shown ? this.middle(shown, this.cursor) : [8, 8]), { offsetWidth: w, offsetHeight: h } = this.tip;
    const left = x + 18 + w < this.W ? x + 18 : Math.max(0, x - 18 - w), top = clamp(y - h - 14 < 0 ? y + 18 : y - h - 14, 0, this.H - h);
    this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
  walk(dc, dr) {
    const { axis, at } = this.head, [cols, rows] = PLANE[axis], c = this.cursor?.[axis] === at ? this.cursor : { [axis]: at, [cols]: -Math.max(0, dc), [rows]: this.row - dr };
    const cell = { [axis]: at, [cols]: clamp(c[cols] + dc, 0, this.n[cols] - 1), [rows]: clamp(c[rows] + dr, 0, this.n[rows] - 1) };
    this.choose(cell[rows]);
    this.read(cell, null);
    const seen = this.layers.flat().some((q) => { const spot = this.locate(q, cell) && this.pick(...this.middle(q, cell)); return spot && AXES.every((a) => spot[a] === cell[a]); });
    if (!seen && this.step === 'in') this.go('out');
  }
  choose(row) {
    if (row === this.row) return;
    this.row = row;
    this.tell(true);
    this.draw();
  }
  turn(yaw, pitch) {
    if (this.phase > 1) return;
    this.pose.yaw += yaw;
    this.pose.pitch = clamp(this.pose.pitch + pitch, -1.35, 1.35);
    this.where = null;
    this.draw();
  }
  zoom(factor) {                                             // about the cell that is read, or the middle
    if (this.phase > 1) return;
    const { pose, area, at } = this, q = this.cursor && this.layers.flat().reverse().find((f) => this.locate(f, this.cursor));
    const middle = [area.x + area.w / 2, area.y + area.h / 2], p = q ? this.middle(q, this.cursor) : middle, by = clamp(pose.zoom * factor, 1, 16) / pose.zoom;
    pose.panX = p[0] - (p[0] - at.x) * by - middle[0] + by * (middle[0] - at.x + pose.panX);
    pose.panY = p[1] - (p[1] - at.y) * by - middle[1] + by * (middle[1] - at.y + pose.panY);
    pose.zoom *= by;
    if (pose.zoom === 1) Object.assign(pose, { panX: 0, panY: 0 });
    this.where = null;
    this.draw();
  }
  reset() {
    this.pose = { ...HOME };
    this.where = null;
    this.draw();
  }
  go(step) {
    const from = this.phase, to = Object.keys(STEPS).indexOf(step), start = performance.now();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.step = step;
    this.tell(true);
    this.read(null);
    const run = (now) => {
      const t = still ? 1 : clamp((now - start) / (400 * Math.max(1, Math.abs(to - from))), 0, 1);
      this.phase = t === 1 ? to : from + (to - from) * t * t * (3 - 2 * t);
      this.paint();
      if (t < 1) this.moving = requestAnimationFrame(run);
    };
    cancelAnimationFrame(this.moving);
    this.moving = requestAnimationFrame(run);
  }
  tell(report = false) {                                     // the words round the picture, and the choice to Python
    const { head, step } = this, last = step === 'flat' ? 2 : 1;
    Object.keys(STEPS).forEach((name, k) => { this.buttons[k].ariaPressed = String(name === step); });
    this.code.replaceChildren(...[last - 1, last].flatMap((k) => {
      const line = el('span', k === last ? 'now' : '');
      line.append(el('code', '', this.codeOf(k)), el('code', 'shape', head.shapes[k]));
      return k === last ? [el('span', 'to', '→'), line] : [line];
    }));
    this.held.textContent = `${head.held}.`;
    this.hint.replaceChildren(el('span', 'keys', step === 'flat' ? KEYS.flat : KEYS.cube), el('span', 'touch', KEYS.touch));
    clearTimeout(this.later);
    if (report) this.later = setTimeout(() => this.report({ step: this.step, row: this.row }), 450);
  }
  listen() {
    let drag = null;
    const spot = (e) => { const b = this.stage.getBoundingClientRect(); return [e.clientX - b.left, e.clientY - b.top]; };
    this.stage.onpointerdown = (e) => { drag = { x: e.clientX, y: e.clientY, far: 0 }; this.stage.setPointerCapture(e.pointerId); };
    this.stage.onpointermove = (e) => {
      if (!drag) return this.read(this.pick(...spot(e)), spot(e));
      const dx = e.clientX - drag.x, dy = e.clientY - drag.y;
      drag = { x: e.clientX, y: e.clientY, far: drag.far + Math.abs(dx) + Math.abs(dy) };
      if (drag.far < 4) return undefined;
      this.read(null);
      return this.turn(-dx * 0.008, dy * 0.008);
    };
    this.stage.onpointerup = (e) => {
      const cell = drag && drag.far < 4 && this.pick(...spot(e));
      drag = null;
      if (!cell) return;
      this.read(cell, spot(e));
      this.choose(cell[PLANE[this.head.axis][1]]);
    };
    this.stage.onpointercancel = () => { drag = null; };
    this.stage.onpointerleave = (e) => { if (e.pointerType === 'mouse') this.read(null); };
    this.stage.onkeydown = (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key], names = Object.keys(STEPS);
      if (arrow && (e.shiftKey || this.step === 'flat')) this.walk(...arrow);
      else if (arrow) this.turn(arrow[0] * 0.1, -arrow[1] * 0.1);
      else if (e.key === 'PageUp' || e.key === 'PageDown') this.walk(e.key === 'PageUp' ? -32 : 32, 0);
      else if (e.key === 'Enter' || e.key === ' ') this.go(names[(names.indexOf(this.step) + 1) % names.length]);
      else if (e.key === 'Escape') this.go('in');
      else if (e.key === '+' || e.key === '=') this.zoom(1.25);
      else if (e.key === '-') this.zoom(1 / 1.25);
      else if (e.key === 'Home') this.reset();
      else return;
      e.preventDefault();
    };
  }
}

const cubes = new WeakMap();                                 // one a mount: a rerun brings data, camera and step stay
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector('.root');
  if (!cubes.has(root)) cubes.set(root, new Cube(root));
  const cube = cubes.get(root);
  cube.report = (choice) => setStateValue('choice', choice);
  cube.show(data);
  return () => { cube.leave(); cubes.delete(root); };
}
