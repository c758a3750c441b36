// Several texts as one padded rectangle. Only the cells in view are drawn, so that 64 x 128 scrolls as smoothly as 4 x 16;
// the first column stays where it is, and a large rectangle has a small map of the whole above it.
const LABELS = { tokens: 'Tokens', input_ids: 'Ids', attention_mask: 'Mask', token_type_ids: 'Segments' };
const ROWS = 12;                                               // lines in view; more of them scroll
const WIDEST = 12000;                                          // pixels a side of a saved picture

class Batch extends Picture {
  cursor = null;

  show(data) {
    const same = this.data && JSON.stringify({ ...this.data, shown: 0 }) === JSON.stringify({ ...data, shown: 0 });
    this.data = data;
    if (!same) { this.cursor = null; this.build(); }
    this.mark();
    this.fit();
    this.draw();
  }

  build() {
    const { data, root } = this, bar = el('div', 'bar'), group = named(el('div', 'steps'), 'group', 'What the cells hold');
    this.buttons = data.choices.map((name) => {
      const b = button('b', LABELS[name], () => this.choose(name));
      b.title = name;
      b.dataset.name = name;
      group.append(b);
      return b;
    });
    this.code = el('code', 'code');
    bar.append(group, this.code);

    this.map = el('canvas', 'map');
    this.map.setAttribute('aria-hidden', 'true');
    this.map.onpointerdown = (e) => { this.map.setPointerCapture(e.pointerId); this.steer(e); };
    this.map.onpointermove = (e) => { if (e.buttons) this.steer(e); };
    this.box = el('div', 'box');
    this.box.tabIndex = 0;
    named(this.box, 'group', data.words);
    this.space = el('div', 'space');
    this.canvas = el('canvas', 'view');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.space.append(this.canvas);
    this.box.append(this.space);
    this.box.onscroll = () => this.draw();
    this.box.onkeydown = (e) => this.key(e);
    this.box.onpointermove = (e) => { if (e.pointerType === 'mouse') this.point(e); };
    this.box.onpointerleave = (e) => { if (e.pointerType === 'mouse') { this.cursor = null; this.draw(); } };
    this.box.onclick = (e) => this.point(e);
    this.line = el('div', 'line');
    this.line.setAttribute('role', 'status');
    const foot = el('div', 'foot');
    foot.append(this.line, saveButton(() => this.save()));
    root.replaceChildren(bar, this.map, this.box, foot);
    this.said = undefined;                                     // nothing yet, not even the hint
  }

  choose(name) {
    this.data.shown = name;
    this.mark();
    this.draw();
    this.report('shown', name);
  }

  mark() {
    for (const b of this.buttons) b.setAttribute('aria-pressed', String(b.dataset.name === this.data.shown));
    const code = this.data.shown === 'tokens' ? 'tokens' : `${this.data.shown}  int64`;
    this.code.textContent = `${code}[${this.data.rows.length}, ${this.data.tokens}]`;
  }

  // ---- sizes

  fit() {
    const { data, width } = this;
    if (!width) return;
    const css = getComputedStyle(this.root), of = (name) => css.getPropertyValue(`--st-${name}`).trim();
    const rem = this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize), narrow = width < 600;
    this.look = { mono: of('code-font'), sans: of('font'), ink: of('text-color'), muted: of('gray-text-color'), line: of('border-color'),
      paper: of('background-color'), wash: of('secondary-background-color'), cls: of('orange-color'), sep: of('gray-color'), second: of('violet-color') };
    this.hatched = null;
    const pen = this.canvas.getContext('2d');
    pen.font = `600 ${0.82 * rem}px ${this.look.mono}`;
    const seen = Object.create(null), long = (text) => (seen[text] ??= pen.measureText(text).width);
    const least = long(String(data.tokens)) + 0.4 * rem, widths = Array.from({ length: data.tokens }, () => least);
    for (const row of data.rows) {
      row.ids.forEach((id, k) => {
        const i = row.start + k;
        widths[i] = Math.max(widths[i], Math.min(9 * rem, long(data.names[id]) + 0.7 * rem), long(String(id)) + 0.5 * rem);
      });
    }
    const padded = data.rows.some((row) => row.ids.length < data.tokens), filler = long(data.padding) * 0.84 + 0.5 * rem;
    if (padded) for (let i = 1; i < widths.length; i++) widths[i] = Math.max(widths[i], filler);
    this.side = (narrow ? 3.4 : 4.2) * rem;
    this.high = Math.round(1.95 * rem);
    this.head = Math.round(1.5 * rem);
    this.x = [0];
    widths.forEach((w) => this.x.push(this.x.at(-1) + Math.ceil(w)));
    const pinned = !data.rows.some((row) => row.start > 0);    // the first column is everybody's first token
    this.pin = pinned ? this.x[1] : 0;
    const rows = data.rows.length, whole = this.side + this.x.at(-1) + 2;
    this.full = this.head + rows * this.high + 1;
    const most = this.head + Math.min(rows, ROWS) * this.high + (rows > ROWS ? this.high / 2 : 1);
    this.box.style.height = `${Math.min(this.full, most) + (whole > width ? 14 : 0)}px`;
    this.space.style.width = `${whole}px`;
    this.space.style.height = `${this.full}px`;
    const large = rows > ROWS || whole > 1.6 * width;
    this.map.hidden = !large;
    this.size();
    this.drawMap();
    this.draw();
  }

  size() {
    const ratio = this.ratio = window.devicePixelRatio || 1, w = this.box.clientWidth, h = this.box.clientHeight;
    this.canvas.width = Math.round(w * ratio);
    this.canvas.height = Math.round(h * ratio);
    this.canvas.style.width = `${w}px`;
    this.canvas.style.height = `${h}px`;
  }

  // ---- drawing

  hatch(pen, colour, step = 7) {
    const tile = el('canvas'), c = tile.getContext('2d'), k = this.ratio ?? 1;
    tile.width = tile.height = step * k;
    c.scale(k, k);
    c.strokeStyle = colour;
    c.globalAlpha = 0.4;
    c.lineWidth = 1;
    for (const d of [-step, 0, step]) { c.beginPath(); c.moveTo(d, step); c.lineTo(d + step, 0); c.stroke(); }
    const pattern = pen.createPattern(tile, 'repeat');
    pattern.setTransform(new DOMMatrix().scale(1 / k));
    return pattern;
  }

  draw() {
    if (!this.look || !this.canvas.width) return;
    const pen = this.canvas.getContext('2d');
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const left = this.box.scrollLeft, top = this.box.scrollTop;
    this.canvas.style.transform = `translate(${left}px,${top}px)`;
    this.paint(pen, left, top, this.box.clientWidth, this.box.clientHeight);
    this.frameMap();
    this.say();
  }

  paint(pen, left, top, width, height) {
    const { data, x, side, head, high, look, rem } = this, n = data.tokens;
    pen.fillStyle = look.paper;
    pen.fillRect(0, 0, width, height);
    const hatch = this.saving ? this.hatch(pen, look.muted) : (this.hatched ??= this.hatch(pen, look.muted));
    const r0 = Math.max(0, Math.floor(top / high)), r1 = Math.min(data.rows.length, Math.ceil((top + height - head) / high));
    let c0 = 0, c1 = n;
    while (c0 < n - 1 && x[c0 + 1] <= left) c0 += 1;
    while (c1 > c0 && x[c1 - 1] - left + side > width) c1 -= 1;
    const clip = (a, b, c, d, f) => { pen.save(); pen.beginPath(); pen.rect(a, b, c, d); pen.clip(); f(); pen.restore(); };
    const column = (i, at) => { for (let r = r0; r < r1; r++) this.cell(pen, r, i, at, head + r * high - top, x[i + 1] - x[i], hatch); };
    const heading = (i, at) => {
      pen.font = `${i === 0 && this.pin ? 600 : 400} ${0.78 * rem}px ${look.mono}`;
      pen.fillStyle = i === 0 && this.pin ? look.cls : look.muted;
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      pen.fillText(String(i), at + (x[i + 1] - x[i]) / 2, head / 2);
    };
    const body = side + this.pin;
    clip(body, head, width - body, height - head, () => { for (let i = Math.max(c0, this.pin ? 1 : 0); i < c1; i++) column(i, side + x[i] - left); });
    clip(body, 0, width - body, head, () => { for (let i = Math.max(c0, this.pin ? 1 : 0); i < c1; i++) heading(i, side + x[i] - left); });
    if (this.pin) {
      clip(0, head, width, height - head, () => column(0, side));
      heading(0, side);
      pen.fillStyle = look.cls;                                // the rail: position 0 is a place
      pen.fillRect(side - 2, 0, 2, height);
      pen.fillRect(side + this.pin, 0, 2, height);
    }
    pen.font = `400 ${0.82 * rem}px ${look.sans}`;
    pen.fillStyle = look.muted;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillText('position', 0, head / 2);
    clip(0, head, side - 3, height - head, () => {
      for (let r = r0; r < r1; r++) pen.fillText(`${data.rows[r].pair ? 'pair' : 'text'} ${r + 1}`, 0, head + r * high - top + high / 2);
    });
  }

  cell(pen, r, i, left, top, width, hatch) {
    const { data, look, rem, high } = this, row = data.rows[r], k = i - row.start;
    const real = k >= 0 && k < row.ids.length, role = real ? row.roles[k] : 'p', shown = data.shown;
    const second = real && row.turn >= 0 && k >= row.turn;
    const text = shown === 'tokens' ? (real ? data.names[row.ids[k]] : data.padding)
      : shown === 'input_ids' ? String(real ? row.ids[k] : data.padId)
        : shown === 'attention_mask' ? (real ? '1' : '0') : (second ? '1' : '0');
    const x = left + 1, y = top + 1, w = width - 2, h = high - 2;
    pen.lineWidth = 1;
    pen.setLineDash([]);
    pen.strokeStyle = look.line;
    if (role === 'c') { pen.fillStyle = look.cls; pen.fillRect(x, y, w, h); }
    else {
      if (role === 'p') { pen.fillStyle = hatch; pen.fillRect(x, y, w, h); pen.setLineDash([3, 3]); }
      if (role === 's') pen.strokeStyle = look.sep;
      if (role === 'u') { pen.strokeStyle = look.ink; pen.setLineDash([1.5, 2.5]); pen.lineWidth = 1.5; }
      pen.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
      pen.setLineDash([]);
    }
    if (second && shown === 'token_type_ids') { pen.fillStyle = look.second; pen.fillRect(x, y + h - 5, w, 1.5); pen.fillRect(x, y + h - 2, w, 1.5); }
    const bold = role === 'c' || role === 's', small = role === 'p';
    const size = (small ? 0.72 : 0.82) * rem;
    pen.font = `${bold ? 600 : 400} ${size}px ${look.mono}`;
    pen.textBaseline = 'middle';
    pen.direction = 'ltr';
    const colour = role === 'c' ? look.paper : role === 's' ? look.sep : role === 'p' ? look.muted
      : second && shown === 'token_type_ids' ? look.second : look.ink;
    const middle = y + h / 2 + 0.5;
    if (small) {                                               // a ground under the letters: hatch is no paper to write on
      const wide = pen.measureText(text).width + 4;
      pen.fillStyle = look.paper;
      pen.fillRect(x + (w - wide) / 2, middle - 0.5 * rem, wide, rem);
    }
    const hash = shown === 'tokens' && role === 'w' && text.startsWith('##') && text.length > 2;
    pen.save();
    pen.beginPath();
    pen.rect(x, y, w, h);
    pen.clip();
    if (hash) {
      const whole = pen.measureText(text).width, mark = pen.measureText('##').width, from = x + (w - whole) / 2;
      pen.textAlign = 'left';
      pen.fillStyle = look.muted;
      pen.fillText('##', from, middle);
      pen.fillStyle = colour;
      pen.fillText(text.slice(2), from + mark, middle);
    } else {
      pen.textAlign = 'center';
      pen.fillStyle = colour;
      pen.fillText(text, x + w / 2, middle);
    }
    pen.restore();
    if (this.cursor && this.cursor[0] === r && this.cursor[1] === i && !this.saving) {
      pen.lineWidth = 2;
      pen.strokeStyle = role === 'c' ? look.paper : look.ink;
      pen.strokeRect(x + 1.5, y + 1.5, w - 3, h - 3);
    }
  }

  // ---- the whole of a large batch, small

  drawMap() {
    if (this.map.hidden) return;
    const { data, look } = this, rows = data.rows.length, n = data.tokens, width = this.root.clientWidth;
    const high = Math.min(rows * 8, 130), ratio = this.ratio;
    this.map.width = width * ratio;
    this.map.height = high * ratio;
    this.map.style.height = `${high}px`;
    const pen = this.map.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, high);
    pen.fillStyle = this.hatch(pen, look.muted, 5);
    pen.fillRect(0, 0, width, high);
    const h = high / rows, gap = h > 4 ? 1 : 0;
    const px = this.mapX = (i) => (i / n) * width;
    data.rows.forEach((row, r) => {
      pen.fillStyle = look.paper;
      pen.fillRect(px(row.start), r * h, px(row.ids.length) + 0.5, h);
      pen.globalAlpha = 0.36;
      pen.fillStyle = look.ink;
      pen.fillRect(px(row.start), r * h, px(row.ids.length), h - gap);
      pen.globalAlpha = 1;
      for (let k = 0; k < row.ids.length; k++) {
        if (row.roles[k] === 'w' || row.roles[k] === 'u') continue;
        pen.fillStyle = row.roles[k] === 'c' ? look.cls : look.sep;
        pen.fillRect(px(row.start + k), r * h, Math.max(2, px(1)), h - gap);
      }
    });
    this.plain = pen.getImageData(0, 0, this.map.width, this.map.height);
  }

  frameMap() {
    if (this.map.hidden || !this.plain) return;
    const pen = this.map.getContext('2d'), { box, x, look } = this, n = this.data.tokens;
    pen.putImageData(this.plain, 0, 0);
    const from = x.findIndex((edge) => edge > box.scrollLeft + this.pin) - 1;
    let to = x.findIndex((edge) => edge > box.scrollLeft + box.clientWidth - this.side);
    if (to < 0) to = n;
    const rows = this.data.rows.length, high = this.map.height / this.ratio, h = high / rows;
    const top = (box.scrollTop / this.high) * h, tall = Math.min(high - top, ((box.clientHeight - this.head) / this.high) * h);
    pen.strokeStyle = look.ink;
    pen.lineWidth = 2;
    pen.strokeRect(this.mapX(Math.max(0, from)) + 1, top + 1, this.mapX(to - Math.max(0, from)) - 2, Math.max(3, tall - 2));
  }

  steer(e) {
    const r = this.map.getBoundingClientRect(), n = this.data.tokens, rows = this.data.rows.length;
    const i = clamp(Math.round(((e.clientX - r.left) / r.width) * n), 0, n - 1);
    const row = ((e.clientY - r.top) / r.height) * rows;
    this.box.scrollTo({
      left: this.x[i] - this.pin - (this.box.clientWidth - this.side - this.pin) / 2,
      top: row * this.high - (this.box.clientHeight - this.head) / 2,
    });
  }

  // ---- reading a cell

  point(e) {
    const r = this.box.getBoundingClientRect(), px = e.clientX - r.left, py = e.clientY - r.top, { side, head, pin } = this;
    let cell = null;
    if (px >= side && py >= head && px < this.box.clientWidth && py < this.box.clientHeight) {
      const row = Math.floor((py - head + this.box.scrollTop) / this.high), across = px - side;
      const i = pin && across < pin ? 0 : this.x.findIndex((edge) => edge > across + this.box.scrollLeft) - 1;
      if (row < this.data.rows.length && i >= 0) cell = [row, i];
    }
    if (String(cell) === String(this.cursor)) return;
    this.cursor = cell;
    this.draw();
  }

  say() {
    const { data } = this;
    if (!this.cursor) {
      if (this.said !== null) this.line.replaceChildren(...hints('Point at a cell, or walk with the arrow keys.', 'Tap a cell; swipe for more.'));
      this.said = null;
      return;
    }
    const now = this.cursor.join();
    if (now === this.said) return;
    this.said = now;
    const [r, i] = this.cursor, row = data.rows[r], k = i - row.start, real = k >= 0 && k < row.ids.length;
    const name = el('code', real && row.roles[k] === 'c' ? 'first' : '', real ? data.names[row.ids[k]] : data.padding);
    name.dir = 'ltr';
    const out = [el('b', '', `[${r}, ${i}]`), name, el('span', '', `id ${real ? row.ids[k] : data.padId}`),
      el('span', '', real ? 'mask 1' : 'mask 0: padding, no token attends to it')];
    const text = el('q', '', row.text);
    text.dir = 'auto';
    out.push(text);
    this.line.replaceChildren(...out);
  }

  key(e) {
    if (modified(e)) return;
    const n = this.data.tokens, rows = this.data.rows.length;
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], PageDown: [ROWS, 0], PageUp: [-ROWS, 0] }[e.key];
    let [r, i] = this.cursor ?? [0, -1];
    if (step && !this.cursor) [r, i] = [0, 0];
    else if (step) [r, i] = [clamp(r + step[0], 0, rows - 1), clamp(i + step[1], 0, n - 1)];
    else if (e.key === 'Home') i = 0;
    else if (e.key === 'End') i = n - 1;
    else if (e.key === 'Escape') { this.cursor = null; this.draw(); return; }
    else return;
    e.preventDefault();
    this.cursor = [r, i];
    const { box, side, head, pin, high, x } = this, wide = box.clientWidth - side, tall = box.clientHeight - head;
    if (i > 0 || !pin) {
      if (x[i] - pin < box.scrollLeft) box.scrollLeft = x[i] - pin;
      if (x[i + 1] > box.scrollLeft + wide) box.scrollLeft = x[i + 1] - wide;
    }
    if (r * high < box.scrollTop) box.scrollTop = r * high;
    if ((r + 1) * high > box.scrollTop + tall) box.scrollTop = (r + 1) * high - tall;
    this.draw();
  }

  // ---- the picture: all of it where it is not too large, else what is in view

  save() {
    const all = [this.side + this.x.at(-1) + 3, this.full], fits = Math.max(...all) * 2 < WIDEST, edge = 16;
    const [w, h] = fits ? all : [this.box.clientWidth, this.box.clientHeight], canvas = el('canvas'), ratio = this.ratio;
    canvas.width = (w + 2 * edge) * 2;
    canvas.height = (h + 2 * edge) * 2;
    const pen = canvas.getContext('2d');
    pen.scale(2, 2);
    pen.fillStyle = this.look.paper;
    pen.fillRect(0, 0, w + 2 * edge, h + 2 * edge);
    pen.translate(edge, edge);
    this.saving = true;
    this.ratio = 2;
    this.paint(pen, fits ? 0 : this.box.scrollLeft, fits ? 0 : this.box.scrollTop, w, h);
    this.ratio = ratio;
    this.saving = false;
    download(canvas.toDataURL('image/png'), this.data.file);
  }
}

export default mounted(Batch);
