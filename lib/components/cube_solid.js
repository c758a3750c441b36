// Where everything in the cube's picture is, in CSS pixels; nothing is drawn here.
// Seen without perspective a box shows three parallelograms, so picking is the inverse of an affine map.
const HOME = { yaw: 0.56, pitch: 0.34, zoom: 1, panX: 0, panY: 0 };
const HOME_ON_A_PHONE = { ...HOME, yaw: 0.66, pitch: 0.5 };
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7];

class Solid extends Picture {
  get columns() { return PLANE[this.head.axis][0]; }         // of the cut, laid flat
  get rows() { return PLANE[this.head.axis][1]; }
  aim({ yaw, pitch }) {                                      // each axis on the screen, and which of its ends is near
    const cy = Math.cos(yaw), sy = Math.sin(yaw), cp = Math.cos(pitch), sp = Math.sin(pitch);
    this.dir = { unit: [cy, sp * sy], text: [0, cp], token: [sy, -sp * cy] };
    this.lowIsNear = { unit: -sy * cp > 0, text: sp > 0, token: cy * cp > 0 };
  }
  plan() {                                                   // the areas of the stage, and the length of the cube's edges
    const W = this.stage.clientWidth, H = this.stage.clientHeight, { rem } = this.look, narrow = W < 520, low = H < 22 * rem;
    const gutter = narrow ? 2 * rem : Math.min(12.5 * rem, W * 0.2), foot = 1.9 * rem;
    const area = { x: gutter, y: 2 * rem, w: W - gutter - (narrow ? 3 : 6) * rem, h: H - (low ? 4.8 : 6.2) * rem - foot };
    Object.assign(this, { W, H, narrow, low, gutter, foot, area, home: narrow ? HOME_ON_A_PHONE : HOME });
    this.pose ||= { ...this.home };
    this.size = this.edges(area);
    this.sheets();
  }
  edges(area) {                                              // grow with the counts; the units' edge makes it fill the area
    const text = Math.min(0.16 + 0.17 * Math.log2(this.n.text), 0.8) * (this.narrow ? 1.5 : 1);
    const token = Math.min(0.3 + 0.15 * Math.log2(this.n.token), 1.15), ratio = area.w / area.h;
    this.aim(this.home);
    const [ux, uy] = this.dir.unit, [tx, ty] = this.dir.token, height = text * this.dir.text[1] - ty * token;
    return { text, token, unit: clamp((ratio * height - tx * token) / (ux - ratio * uy), this.narrow ? 0.75 : 0.9, 2.3) };
  }
  sheets() {                                                 // laid flat: the map, one row as a strip, the cube in small
    const { W, H, foot, gutter, narrow, look: { rem } } = this, ofTokens = this.columns === 'token';
    const top = 6.4 * rem, gap = 2.6 * rem, room = H - foot - top - gap - (ofTokens ? 5.4 : 3) * rem;
    const x = Math.max(gutter, narrow && this.rows === 'token' ? 4.5 * rem : 0), w = W - x - (ofTokens ? 4 : 0.8) * rem;
    const strip = clamp(room * 0.24, 2.5 * rem, 6 * rem), h = Math.min(room - strip, this.n[this.rows] * 4 * rem);
    this.map = { x, y: top, w, h };
    this.strip = { x, y: top + h + gap, w, h: strip };
    this.mini = { x: 4, y: 4, w: Math.min(gutter * (narrow ? 4 : 1) - 12, W * 0.4), h: top - 1.6 * rem };
  }
  shifts(pull) {                                             // how far the part before the cut and the cut itself have moved
    const { axis, at: i } = this.head;
    if (this.n[axis] === 1) return [{}, {}];
    if (axis === 'text') {                                   // lift the lid, then the plane a little
      const lift = i === this.n.text - 1 ? 0 : -pull * (i ? 0.1 : 0.45);
      return [{ text: lift - pull * 0.5 }, { text: lift }];
    }
    if (axis === 'token' && i === 0) return [{}, { token: -pull * Math.max(0.45, 0.65 * this.size.token) }];
    return [{}, { text: -pull * this.size.text * 1.02 }];    // up, like a card from a box
  }
  boxes(pull) {                                              // far to near
    const { axis, at: i } = this.head, [before, cut] = this.shifts(pull), zero = { text: 0, token: 0, unit: 0 };
    const box = (low, high, shift, slab) => ({ low: { ...zero, [axis]: low }, high: { ...this.n, [axis]: high }, shift, slab });
    const all = [box(0, i, before, false), box(i, i + 1, cut, true), box(i + 1, this.n[axis], {}, false)];
    const some = all.filter((b) => b.low[axis] < b.high[axis]);
    return this.lowIsNear[axis] ? some.toReversed() : some;
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
    const corner = (b, k) => Object.fromEntries(AXES.map((axis, bit) => [axis, ((k >> bit) & 1 ? b.high : b.low)[axis]]));
    const points = this.boxes(pull).flatMap((b) => CORNERS.map((k) => this.project({ k: 1, x: 0, y: 0 }, b.shift, corner(b, k))));
    const [xs, ys] = [0, 1].map((k) => points.map((p) => p[k]));
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }
  view(area, pull, pose) {                                   // no larger than at home: turning must not make it breathe
    const fits = (b) => Math.min(area.w / (b[2] - b[0]), area.h / (b[3] - b[1]));
    const home = fits(this.bounds(this.home, pull)), b = this.bounds(pose, pull), k = Math.min(home, fits(b)) * pose.zoom;
    const middle = (start, length, low, high, pan) => start + (length - k * (low + high)) / 2 + pan;
    return { k, x: middle(area.x, area.w, b[0], b[2], pose.panX), y: middle(area.y, area.h, b[1], b[3], pose.panY) };
  }
  faces(view, box) {                                         // a face: origin, two edges, and the cells between them
    return AXES.map((fixed) => {
      const near = this.lowIsNear[fixed], [cols, rows] = PLANE[fixed], count = (axis) => box.high[axis] - box.low[axis];
      const along = (axis) => this.dir[axis].map((d) => (d * view.k * count(axis) * this.size[axis]) / this.n[axis]);
      const o = this.project(view, box.shift, near ? box.low : { ...box.low, [fixed]: box.high[fixed] });
      const held = { c0: box.low[cols], cols: count(cols), r0: box.low[rows], rows: count(rows) };
      const index = near ? box.low[fixed] : box.high[fixed] - 1;
      return { fixed, index, o, u: along(cols), v: along(rows), ...held, slab: box.slab };
    });
  }
  sheet({ x, y, w, h }, r0, rows) {                          // rows of the cut as an upright rectangle
    const held = { c0: 0, cols: this.n[this.columns], r0, rows };
    return { fixed: this.head.axis, index: this.head.at, o: [x, y], u: [w, 0], v: [0, h], ...held, slab: true };
  }
  compose() {                                                // this.layers: lists of faces, far to near
    this.plan();
    const pull = Math.min(1, this.phase), lay = Math.max(0, this.phase - 1), out = this.view(this.area, pull, this.pose);
    const cut = lay && this.faces(out, this.boxes(1).find((b) => b.slab)).find((q) => q.fixed === this.head.axis);
    this.now = lay ? this.shrunk(out, lay) : out;
    const ghost = (b) => lay > 0 && b.slab;                  // where the plane was: its outline only
    this.layers = this.boxes(pull).map((b) => this.faces(this.now, b).map((q) => ({ ...q, ghost: ghost(b) })));
    if (!lay) return;
    const flat = this.sheet(this.map, 0, this.n[this.rows]), move = (part) => mix(cut[part], flat[part], lay);
    this.layers.push([{ ...flat, o: move('o'), u: move('u'), v: move('v') }]);
    if (lay === 1) this.layers.push([this.sheet(this.strip, this.row, 1)]);
  }
  shrunk(out, lay) {                                         // on the way to the small cube, which is always seen from home
    const small = this.view(this.mini, 1, this.home), of = (thing, parts) => parts.map((part) => thing[part]);
    const [yaw, pitch] = mix(of(this.pose, ['yaw', 'pitch']), of(this.home, ['yaw', 'pitch']), lay);
    const [k, x, y] = mix(of(out, ['k', 'x', 'y']), of(small, ['k', 'x', 'y']), lay);
    this.aim({ yaw, pitch });
    return { k, x, y };
  }
  // An outline edge of a box along an axis: the leftmost for the texts, the lowest for the others.
  edge(axis, box) {
    const [p, q] = PLANE[axis], found = [];
    for (const [pHigh, qHigh] of [[false, false], [false, true], [true, false], [true, true]]) {
      if ((this.lowIsNear[p] !== pHigh) === (this.lowIsNear[q] !== qHigh)) continue;         // both sides are seen, or none
      const fixed = { ...box.low, [p]: (pHigh ? box.high : box.low)[p], [q]: (qHigh ? box.high : box.low)[q] };
      const moved = (i) => ({ ...box.shift, [axis]: (box.shift[axis] || 0) + this.ownShift(axis, Math.floor(i)) });
      const at = (i) => this.project(this.now, moved(i), { ...fixed, [axis]: i }), a = at(0), b = at(this.n[axis] - 1e-6);
      found.push({ at, a, b, rank: axis === 'text' ? -a[0] - b[0] : a[1] + b[1] });
    }
    const best = found.toSorted((m, n) => n.rank - m.rank)[0], { a, b } = best, length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const normal = [(b[1] - a[1]) / length, (a[0] - b[0]) / length], outward = axis === 'text' ? normal[0] < 0 : normal[1] > 0;
    return { ...best, normal: outward ? normal : normal.map((d) => -d) };
  }
  ownShift(axis, i) {                                        // of one index along its own axis
    if (axis !== this.head.axis) return 0;
    const [before, cut] = this.shifts(Math.min(1, this.phase)), { at } = this.head;
    return (i < at ? before : i === at ? cut : {})[axis] || 0;
  }
  firsts(q) {                                                // the cells of a face that belong to the first real token
    const { first } = this.head, last = q.r0 + q.rows, found = [];
    if (q.fixed === 'text') {
      const row = first[q.index];
      return row >= q.r0 && row < last ? [[q.c0, row, q.cols, 1]] : [];
    }
    for (let r = q.r0, start = r; r < last; r++) {           // runs of rows that agree become one outline
      if (r + 1 < last && first[r + 1] === first[r]) continue;
      if (q.fixed === 'token' && first[r] === q.index) found.push([q.c0, start, q.cols, r + 1 - start]);
      if (q.fixed === 'unit' && first[r] >= q.c0 && first[r] < q.c0 + q.cols) found.push([first[r], start, 1, r + 1 - start]);
      start = r + 1;
    }
    return found;
  }
  locate(q, cell) {                                          // [column, row] of a cell on a face that shows it
    const [cols, rows] = PLANE[q.fixed], c = cell[cols], r = cell[rows];
    const within = c >= q.c0 && c < q.c0 + q.cols && r >= q.r0 && r < q.r0 + q.rows;
    return within && cell[q.fixed] === q.index ? [c, r] : null;
  }
  spot(q, c, r) {                                            // a place on a face, in cells, as a point of the stage
    return q.o.map((o, k) => o + (q.u[k] * (c - q.c0)) / q.cols + (q.v[k] * (r - q.r0)) / q.rows);
  }
  middle(q, cell) {
    const [c, r] = this.locate(q, cell);
    return this.spot(q, c + 0.5, r + 0.5);
  }
  pick(x, y) {                                               // the cell under a point of the stage
    const shown = this.phase === 2 ? this.layers.slice(-2) : this.layers;
    for (const q of shown.flat().toReversed()) {
      const det = q.u[0] * q.v[1] - q.u[1] * q.v[0], dx = x - q.o[0], dy = y - q.o[1], [cols, rows] = PLANE[q.fixed];
      const a = (dx * q.v[1] - dy * q.v[0]) / det, b = (q.u[0] * dy - q.u[1] * dx) / det;
      if (Math.abs(det) > 1e-6 && a >= 0 && b >= 0 && a < 1 && b < 1)
        return { [q.fixed]: q.index, [cols]: q.c0 + Math.floor(a * q.cols), [rows]: q.r0 + Math.floor(b * q.rows) };
    }
    return null;
  }
}
