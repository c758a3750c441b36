// Numbers to pixels, for the cube: reads the message, knows the colour of every float16, paints parallelograms.
// One look-up a pixel: the scale's exact colours, averaged only where a pixel holds several cells, quick without a GPU.
const AXES = ['text', 'token', 'unit'];                      // the array's own order: batch, tokens, hidden
const NAMES = { text: 'text', token: 'position', unit: 'dimension' };  // on the screen
const PLANE = { text: ['unit', 'token'], token: ['unit', 'text'], unit: ['token', 'text'] };  // across it: columns, rows
const PAD = 254;                                             // the alpha that marks a texel as padding until it is painted
const mix = (a, b, t) => a.map((v, k) => v + (b[k] - v) * t);
const pixel = (c, alpha = 255) => ((alpha << 24) | (Math.round(c[2]) << 16) | (Math.round(c[1]) << 8) | Math.round(c[0])) >>> 0;

const HALF = Float32Array.from({ length: 65536 }, (_, bits) => {            // float16 -> number
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
});

// The theme, read afresh whenever it may have changed, and the colour of every float16 there is.
class Look {
  constructor(node, limit) {
    const css = getComputedStyle(node), of = (name) => css.getPropertyValue(`--st-${name}`).trim();
    const roles = { ink: 'text-color', muted: 'gray-text-color', line: 'border-color', paper: 'background-color' };
    for (const [role, name] of Object.entries({ ...roles, cls: 'orange-color', sep: 'gray-color' })) this[role] = hex(of(name));
    [this.sans, this.mono, this.serif] = ['font', 'code-font', 'heading-font'].map(of);
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.limit = limit;
    const ramp = scale(node, '--st-chart-diverging-colors');
    this.shades = Array.from({ length: 4097 }, (_, i) => ramp(i / 4096).map(Math.round));
    this.hatched = mix(this.paper, this.muted, 0.42);
    this.hatch = pixel(this.hatched);
    const real = this.shades.map((c) => pixel(c)), filler = this.shades.map((c) => pixel(mix(c, this.paper, 0.62), PAD));
    this.real = new Uint32Array(65536);
    this.filler = new Uint32Array(65536);
    for (let bits = 0; bits < 65536; bits++) {
      const i = this.shade(HALF[bits]);
      this.real[bits] = real[i];
      this.filler[bits] = filler[i];
    }
  }
  shade(value) { return clamp(Math.round(2048 + (2048 * value) / this.limit), 0, 4096); }
  font(size, family = 'sans', weight = 400) { return `${weight} ${size * this.rem}px ${this[family]}`; }
}

// The numbers: the whole array or, of a large cube, only the planes that can be seen.
class Cells {
  constructor({ head, arrays }) {
    const [text, token, unit] = head.size;
    this.head = head;
    this.bits = arrays.cells.values;
    this.n = { text, token, unit };
    this.stride = { text: token * unit, token: unit, unit: 1 };
    this.stored = head.planes && new Map(head.planes);
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
  // A plane as pixels. Level (x, y) averages 2^x by 2^y cells, for planes that have more cells than the screen has pixels.
  texture(look, axis, index, x, y) {
    const key = `${axis} ${index} ${x} ${y}`, whole = () => this.texture(look, axis, index, 0, 0);
    if (!this.textures.has(key)) this.textures.set(key, x + y ? this.averaged(whole(), x, y) : this.painted(look, axis, index));
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
    return { px, w };
  }
  averaged({ px, w }, x, y) {
    const W = Math.ceil(w / 2 ** x), H = Math.ceil(px.length / w / 2 ** y), sum = new Float64Array(W * H * 5);
    for (let k = 0; k < px.length; k++) {
      const o = ((Math.floor(k / w) >> y) * W + ((k % w) >> x)) * 5, p = px[k];
      sum[o] += p & 255;
      sum[o + 1] += (p >> 8) & 255;
      sum[o + 2] += (p >> 16) & 255;
      sum[o + 3] += p >>> 24;
      sum[o + 4]++;
    }
    const out = Uint32Array.from({ length: W * H }, (_, i) => {
      const [red, green, blue, alpha, count] = sum.subarray(i * 5, i * 5 + 5);
      return pixel([red / count, green / count, blue / count], Math.round(alpha / count));
    });
    return { px: out, w: W };
  }
}

// Paints one parallelogram (in pixels of the screen) with its part of a plane.
function fill(out, width, height, q, cells, look, zoom) {
  const [ox, oy] = q.o, det = q.u[0] * q.v[1] - q.u[1] * q.v[0];
  if (Math.abs(det) < 1) return;
  const step = (count, x, y) => [(count * x) / det, (count * y) / det];      // cells a pixel, rightwards and downwards
  const col = step(q.cols, q.v[1], -q.v[0]), row = step(q.rows, -q.u[1], q.u[0]);
  const level = (cell) => Math.max(0, Math.ceil(Math.log2(Math.max(...cell.map(Math.abs))) - 0.3));
  const lx = level(col), ly = level(row), sx = 2 ** -lx, sy = 2 ** -ly;
  const { px, w } = cells.texture(look, q.fixed, q.index, lx, ly);
  const [cx, cy] = col.map((d) => d * sx), [rx, ry] = row.map((d) => d * sy);
  const c0 = q.c0 * sx, c1 = (q.c0 + q.cols) * sx, r0 = q.r0 * sy, r1 = (q.r0 + q.rows) * sy;
  const hatchCol = Math.hypot(...q.u) / (c1 - c0), hatchRow = Math.hypot(...q.v) / (r1 - r0), gap = 7 * zoom, line = 1.1 * zoom;
  const ys = [oy, oy + q.u[1], oy + q.v[1], oy + q.u[1] + q.v[1]];
  const bottom = clamp(Math.ceil(Math.max(...ys)), 0, height);
  for (let y = clamp(Math.floor(Math.min(...ys)), 0, height); y < bottom; y++) {
    const dy = y + 0.5 - oy, c = c0 + cy * dy + cx * (0.5 - ox), r = r0 + ry * dy + rx * (0.5 - ox);     // at x = 0
    let from = 0, to = width;
    for (const [start, slope, low, high] of [[c, cx, c0, c1], [r, rx, r0, r1]]) {
      if (Math.abs(slope) < 1e-9) {
        if (start < low || start >= high) to = 0;
        continue;
      }
      const a = (low - start) / slope, b = (high - start) / slope;
      from = Math.max(from, Math.ceil(Math.min(a, b) + 1e-7));
      to = Math.min(to, Math.ceil(Math.max(a, b) - 1e-7));
    }
    for (let x = from, k = y * width + from; x < to; x++, k++) {
      const u = c + cx * x, v = r + rx * x, p = px[(v | 0) * w + (u | 0)];
      if (p >= 0xff000000) out[k] = p;
      else out[k] = (u * hatchCol + v * hatchRow) % gap < line ? look.hatch : (p | 0xff000000) >>> 0;
    }
  }
}
