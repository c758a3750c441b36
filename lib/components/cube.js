// One layer's output as a cube: every cell is one activation, and the cell under the pointer is read exactly.
const STEPS = { in: 'In the cube', out: 'Pulled out', flat: 'Laid flat' };
const KEYS = {
  cube: 'Drag or arrow keys: turn · Shift + arrows: walk the cells · Enter: next step · + and −: zoom · Home: reset',
  flat: 'Arrow keys: walk the cells · click a row to read it alone · Enter: back into the cube',
  touch: 'Drag sideways to turn · tap a cell to read it',
};
const signed = (x) => (x === 0 ? '0' : x.toPrecision(4).replace('-', '−'));
const same = (a, b) => AXES.every((axis) => a?.[axis] === b?.[axis]);

class Cube extends Labelled {
  constructor(root) {
    super(root);
    Object.assign(this, { phase: 0, step: 'in', row: 0, cursor: null, short: new Map() });
    this.build();
    this.listen();
  }
  fit() { this.draw(); }
  leave() {
    this.company?.leave();
    this.grows.disconnect();
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.moving);
    clearTimeout(this.later);
  }
  build() {
    const bar = el('div', 'bar'), steps = named(el('div', 'steps'), 'group', 'Where the plane is');
    const tools = named(el('div', 'tools'), 'group', 'View');
    this.buttons = Object.entries(STEPS).map(([step, text]) => button('b', text, () => this.go(step)));
    const [farther, nearer] = [button('b', '−', () => this.zoom(1 / 1.25)), button('b', '+', () => this.zoom(1.25))];
    [farther.ariaLabel, nearer.ariaLabel] = ['Zoom out', 'Zoom in'];
    steps.append(...this.buttons);
    tools.append(farther, nearer, button('b', 'Reset view', () => this.reset()), button('b', 'Save PNG', () => this.save()));
    bar.append(steps, tools);
    [this.code, this.held, this.stage, this.tip] = ['code', 'held', 'stage', 'tip'].map((cls) => el('div', cls));
    [this.hint, this.status] = ['hint', 'sr'].map((cls) => el('div', cls));
    this.status.setAttribute('role', 'status');
    this.stage.tabIndex = 0;
    this.stage.setAttribute('role', 'application');
    this.stage.setAttribute('aria-roledescription', 'activation cube');
    this.canvas = el('canvas');
    this.canvas.ariaHidden = this.tip.ariaHidden = 'true';
    this.tip.hidden = true;
    this.stage.append(this.canvas, this.tip);
    this.grows = new ResizeObserver(() => this.draw());        // its height is a share of the window's
    this.grows.observe(this.stage);
    this.root.replaceChildren(bar, this.code, this.held, this.stage, this.hint, this.status);
  }
  show(message) {
    this.take(message);
    this.look = new Look(this.root, this.head.limit);
    this.redraw();
    const faces = ['sans', 'mono', 'serif'].flatMap((f) => [400, 600].map((weight) => this.look.font(1, f, weight)));
    Promise.all(faces.map((face) => document.fonts.load(face))).then(() => this.redraw());   // a canvas does not wait for fonts
  }
  take(message) {
    const fresh = !this.cells;
    this.cells = new Cells(message);
    this.head = this.cells.head;
    this.n = this.cells.n;
    if (fresh) {
      [this.step, this.row] = this.head.start;
      this.phase = Object.keys(STEPS).indexOf(this.step);
    }
    this.meet(this.head.beside);
    this.row = clamp(this.row, 0, this.n[this.rows] - 1);
    if (this.cursor && AXES.some((axis) => this.cursor[axis] >= this.n[axis])) this.cursor = null;
    if (this.cursor) this.say(this.cursor);
    this.stage.ariaLabel = `${this.head.words} ${KEYS.cube}`;
    this.words();
  }

  // ---- another cube beside this one: one camera, one step, one row ----
  meet(beside) {
    if (beside?.group === this.group) return;
    this.company?.leave();
    this.group = beside?.group;
    this.company = beside && company(beside.group, (news) => this.hear(news));
    this.company?.tell({ asks: true });
  }
  tell(news) { if (!this.hearing) this.company?.tell(news); }
  hear({ asks, pose, step, row, cell }) {                    // nothing that is heard is told again
    if (asks && this.pose) this.company.tell({ pose: { ...this.pose } });
    this.hearing = true;
    if (pose) {
      this.pose = { ...pose };
      this.where = null;
      this.draw();
    }
    if (row !== undefined) this.choose(Math.min(row, this.n[this.rows] - 1));
    if (step && step !== this.step) this.go(step);
    if (cell !== undefined && this.head.beside.cells) this.read(cell);
    this.hearing = false;
  }

  // ---- drawing ----
  redraw() {
    this.short.clear();
    this.draw();
  }
  draw() {
    this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.paint(); });
  }
  paint() {
    if (!this.look || !this.stage.clientWidth) return;
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
    for (const q of this.layers.flat().filter((face) => !face.ghost)) {
      const scaled = { ...q, o: larger(q.o), u: larger(q.u), v: larger(q.v) };
      fill(pixels, image.width, image.height, scaled, this.cells, this.look, zoom);
    }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.putImageData(image, 0, Math.round(top * zoom));
    g.setTransform(zoom, 0, 0, zoom, 0, Math.round(top * zoom));
    this.outlines(g);
    if (this.phase <= 1) this.cubeLabels(g);
    if (this.phase === 2) this.flatLabels(g);
    this.legend(g);
  }
  trace(g, q, [c, r, cols, rows] = [q.c0, q.r0, q.cols, q.rows]) {           // the path round some cells of a face
    g.beginPath();
    for (const [x, y] of [[c, r], [c + cols, r], [c + cols, r + rows], [c, r + rows]]) g.lineTo(...this.spot(q, x, y));
    g.closePath();
  }
  outlines(g) {
    const { ink, cls, paper, muted } = this.look, edge = mix(paper, muted, 0.7);
    this.layers.forEach((faces, depth) => {
      g.save();
      for (const q of this.layers.slice(depth + 1).flat()) this.hide(g, q);
      for (const q of faces) {
        this.trace(g, q);
        this.stroke(g, q.slab ? ink : edge, q.slab && !q.ghost ? 2 : 1);
      }
      for (const q of faces)
        for (const cells of this.firsts(q)) {
          this.trace(g, q, cells);
          this.stroke(g, cls, q.slab && !q.ghost ? 2 : 1.25);
        }
      for (const q of faces) if (!q.ghost) this.ring(g, q);
      g.restore();
    });
  }
  hide(g, q) {                                               // nothing shines through a face that is nearer
    this.trace(g, q);
    g.rect(-1, -1, this.W + 2, this.H + 2);
    g.clip('evenodd');
  }
  ring(g, q) {                                               // round the cell that is read, at least 5 px wide
    const cell = this.cursor && this.locate(q, this.cursor), grow = (edge, count) => Math.max(1, (5 * count) / Math.hypot(...edge));
    if (!cell) return;
    const w = grow(q.u, q.cols), h = grow(q.v, q.rows);
    this.trace(g, q, [cell[0] + 0.5 - w / 2, cell[1] + 0.5 - h / 2, w, h]);
    this.stroke(g, this.look.paper, 4.5);
    this.stroke(g, this.look.ink, 2);
  }
  codeOf(k) { return this.head.code[k].replace('{row}', this.row); }
  async save() {                                             // the picture at twice its size, with the code above it
    const { rem, ink, muted, paper } = this.look, zoom = 2, top = 4.2 * rem, k = this.step === 'flat' ? 2 : 1, big = el('canvas');
    Object.assign(big, { width: Math.round(this.W * zoom), height: Math.round((this.H + top) * zoom) });
    const g = big.getContext('2d', { willReadFrequently: true }), room = this.W - rem;
    this.picture(g, new ImageData(big.width, Math.round(this.H * zoom)), zoom, top);
    g.setTransform(zoom, 0, 0, zoom, 0, 0);
    const code = { family: 'mono', size: 0.94, weight: 600, colour: ink, room };
    this.text(g, `${this.codeOf(k)}  ${this.head.shapes[k]}`, 0.5 * rem, 1.2 * rem, code);
    this.text(g, this.held.textContent, 0.5 * rem, 2.8 * rem, { size: 0.9, colour: muted, room });
    g.globalCompositeOperation = 'destination-over';
    g.fillStyle = rgb(paper);
    g.fillRect(0, 0, this.W, this.H + top);
    const url = URL.createObjectURL(await new Promise((done) => { big.toBlob(done); }));
    download(url, 'cube.png');
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  // ---- reading ----
  read(cell, where = null) {                                 // the cell under the pointer, or the keyboard's cursor
    this.where = where;
    if (same(cell, this.cursor)) return this.point();
    this.cursor = cell;
    this.tell({ cell });
    if (cell) this.say(cell);
    return this.draw();
  }
  say(cell) {
    const { tokens, texts } = this.head, token = tokens[cell.text][cell.token], role = this.cells.role(cell.text, cell.token);
    const value = this.cells.value(cell), place = `text ${cell.text + (this.head.of ?? 0) + 1} · position ${cell.token} · dimension ${cell.unit}`;
    const filler = role === 'p' ? `${token} filler: ${this.head.filler}` : '';
    const name = el('b', role === 'c' ? 'first' : '', token), words = el('i', '', texts[cell.text]);
    this.tip.replaceChildren(name, el('strong', '', signed(value)), words, el('span', '', place));
    if (filler) this.tip.append(el('em', '', filler));
    this.status.textContent = `${token}, ${texts[cell.text]}, ${place}, value ${signed(value)}. ${filler}`;
    Object.assign(this.status.dataset, { ...cell, value });
  }
  shownOn(cell) { return this.layers.flat().toReversed().find((q) => !q.ghost && this.locate(q, cell)); }
  point() {                                                  // puts the tip beside the cell, inside the stage
    this.tip.hidden = !this.cursor;
    if (!this.cursor) return;
    const face = this.shownOn(this.cursor), [x, y] = this.where || (face ? this.middle(face, this.cursor) : [8, 8]);
    const { offsetWidth: w, offsetHeight: h } = this.tip, left = x + 18 + w < this.W ? x + 18 : Math.max(0, x - 18 - w);
    const top = clamp(y < h + 14 ? y + 18 : y - h - 14, 0, Math.max(0, this.H - h));
    this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
  walk(down, right) {                                        // on the cut; the first step shows where the cursor is
    const { columns, rows, n, head: { axis, at } } = this, here = this.cursor?.[axis] === at ? this.cursor : null;
    const column = here ? clamp(here[columns] + right, 0, n[columns] - 1) : 0;
    const cell = { [axis]: at, [columns]: column, [rows]: here ? clamp(here[rows] + down, 0, n[rows] - 1) : this.row };
    this.choose(cell[rows]);
    this.read(cell);
    const face = this.shownOn(cell);
    if (this.step === 'in' && !(face && same(this.pick(...this.middle(face, cell)), cell))) this.go('out', true);
  }
  choose(row) {
    if (row === this.row) return;
    this.row = row;
    this.words();
    this.tell({ row });
    this.reportSoon();
    this.draw();
  }

  // ---- moving ----
  turn(yaw, pitch) {
    if (this.phase > 1) return;
    const { pose } = this, full = 2 * Math.PI;
    pose.yaw = ((((pose.yaw + yaw + Math.PI) % full) + full) % full) - Math.PI;
    pose.pitch = clamp(pose.pitch + pitch, -1.35, 1.35);
    this.moved();
  }
  zoom(factor) {                                             // about the cell that is read, or the middle
    if (this.phase > 1) return;
    const { pose, area, now } = this, face = this.cursor && this.shownOn(this.cursor);
    const by = clamp(pose.zoom * factor, 1, 16) / pose.zoom;
    const middle = [area.x + area.w / 2, area.y + area.h / 2], [x, y] = face ? this.middle(face, this.cursor) : middle;
    pose.panX = x - (x - now.x) * by - middle[0] + by * (middle[0] - now.x + pose.panX);
    pose.panY = y - (y - now.y) * by - middle[1] + by * (middle[1] - now.y + pose.panY);
    pose.zoom *= by;
    if (pose.zoom === 1) Object.assign(pose, { panX: 0, panY: 0 });
    this.moved();
  }
  reset() {
    this.pose = { ...this.home };
    this.moved();
  }
  moved() {
    this.where = null;
    this.tell({ pose: { ...this.pose } });
    this.draw();
  }
  go(step, keepCursor = false) {
    const from = this.phase, to = Object.keys(STEPS).indexOf(step), start = performance.now();
    const length = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 400 * Math.max(1, Math.abs(to - from));
    this.step = step;
    this.words();
    this.tell({ step });
    this.reportSoon();
    if (!keepCursor) this.read(null);
    const run = (now) => {
      const t = length ? clamp((now - start) / length, 0, 1) : 1;
      this.phase = t === 1 ? to : from + (to - from) * t * t * (3 - 2 * t);
      this.paint();
      if (t < 1) this.moving = requestAnimationFrame(run);
    };
    cancelAnimationFrame(this.moving);
    this.moving = requestAnimationFrame(run);
  }
  words() {                                                  // round the picture
    const { head, step } = this, last = step === 'flat' ? 2 : 1;
    Object.keys(STEPS).forEach((name, k) => { this.buttons[k].ariaPressed = String(name === step); });
    this.code.replaceChildren(...[last - 1, last].map((k) => {
      const line = el('span', k === last ? 'now' : '');
      line.append(el('code', '', this.codeOf(k)), el('code', 'shape', head.shapes[k]));
      return line;
    }));
    this.held.textContent = `${head.held[0].toUpperCase()}${head.held.slice(1)}.`;
    this.hint.replaceChildren(el('span', 'keys', step === 'flat' ? KEYS.flat : KEYS.cube), el('span', 'touch', KEYS.touch));
  }
  reportSoon() {                                             // once the learner rests: each report is a run of the page
    clearTimeout(this.later);
    if (this.head.beside?.speaks === false) return;          // the other one reports for both
    this.later = setTimeout(() => this.report('choice', { step: this.step, row: this.row }), 450);
  }
  listen() {
    let drag = null;
    const { stage } = this, spot = (e) => {
      const box = stage.getBoundingClientRect();
      return [e.clientX - box.left, e.clientY - box.top];
    };
    stage.onpointerdown = (e) => {
      drag = { x: e.clientX, y: e.clientY, far: 0 };
      stage.setPointerCapture(e.pointerId);
    };
    stage.onpointermove = (e) => {
      if (!drag) return this.read(this.pick(...spot(e)), spot(e));
      const dx = e.clientX - drag.x, dy = e.clientY - drag.y;
      drag = { x: e.clientX, y: e.clientY, far: drag.far + Math.hypot(dx, dy) };
      if (drag.far < 4) return undefined;
      this.read(null);
      return this.turn(-dx * 0.008, dy * 0.008);
    };
    stage.onpointerup = (e) => {
      const cell = drag && drag.far < 4 && this.pick(...spot(e));
      drag = null;
      if (!cell) return;
      this.read(cell, spot(e));
      this.choose(cell[this.rows]);
    };
    stage.onpointercancel = () => { drag = null; };
    stage.onpointerleave = (e) => { if (e.pointerType === 'mouse') this.read(null); };
    stage.onkeydown = (e) => { if (!modified(e) && this.key(e)) e.preventDefault(); };
  }
  key({ key, shiftKey }) {                                   // true where the key was ours
    const names = Object.keys(STEPS), next = names[(names.indexOf(this.step) + 1) % names.length], arrow = ARROWS[key];
    const zoom = { '+': 1.25, '=': 1.25, '-': 1 / 1.25 }[key], leap = { PageUp: -32, PageDown: 32 }[key];
    if (arrow && (shiftKey || this.step === 'flat')) this.walk(...arrow);
    else if (arrow) this.turn(arrow[1] * 0.1, -arrow[0] * 0.1);
    else if (leap) this.walk(0, leap);
    else if (zoom) this.zoom(zoom);
    else if (key === 'Enter' || key === ' ') this.go(next);
    else if (key === 'Escape' && this.step !== 'in') this.go('in');
    else if (key === 'Home') this.reset();
    else return false;
    return true;
  }
}

export default mounted(Cube);
