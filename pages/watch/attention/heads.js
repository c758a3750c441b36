// One direction of the first token's attention: every head as a strip, one head large on its tokens. Never both directions.
const STEPS = 64000, NONE = 65535;                           // as in heads.py: codes are cut, so what is read off them is exact
const MANY = 60;                                             // tokens; above it the most-read ones stand in a list
const part = (code) => (code === NONE ? 0 : Math.min(code + 0.5, STEPS) / STEPS);
const percent = (code) => (code === NONE ? 0 : Math.floor((code + 320) / 640));
const whole = (code) => (code !== NONE && code < 320 ? '<1%' : `${percent(code)}%`);
const tenth = (code) => (code === NONE ? '0%' : code < 32 ? '<0.1%' : `${(Math.floor((code + 32) / 64) / 10).toFixed(1)}%`);
const size = (code) => (code === NONE ? -1 : code);
// the layer at the same depth in a model of other layers, as lib/measures/beside.py has it; both counted from 1
const partner = (layer, of, among) => Math.max(1, Math.floor((2 * layer * among + of) / (2 * of)));

class Atlas extends Picture {
  turn = 0;
  sheet = 0;                                                 // the layer on a phone

  // ---- new numbers, or the same ones again

  show({ head, arrays }) {
    this.head = head;
    [this.layers, this.heads, this.n] = arrays.values.shape;
    this.meet(head.beside);
    this.values = arrays.values.values;
    this.groups = arrays.groups.values;
    this.forward = head.way === 'attends_to';
    if (head.turn !== this.turn) {
      this.turn = head.turn;
      this.pick = (head.start[0] - 1) * this.heads + head.start[1] - 1;
      this.sheet = this.place(this.pick).row;
    }
    this.pick = clamp(this.pick, 0, this.layers * this.heads - 1);
    if (head.by !== this.by) this.sheet = this.place(this.pick).row;
    this.by = head.by;
    this.draw();
    this.company?.tell({ asks: true, peak: this.peak() });
  }
  meet(beside) {                                             // another picture beside this one, or none any more
    if (beside?.group === this.group) return;
    this.company?.leave();
    this.group = beside?.group;
    this.neighbour = 0;                                      // the largest share of the head beside: both are as high
    this.company = beside && company(beside.group, (news) => this.hear(news));
  }
  hear({ asks, peak, chosen, of }) {
    if (asks) this.company.tell({ peak: this.peak() });
    const fresh = peak !== undefined && peak !== this.neighbour;
    if (fresh) this.neighbour = peak;
    if (chosen) {
      const [layer, head] = chosen;
      this.follow((partner(layer, of, this.layers) - 1) * this.heads + Math.min(head, this.heads) - 1);
      this.told(chosen, 1);
    } else if (fresh) this.large();
  }
  told(chosen, side) {                                       // one of two speaks for both, so that the page runs once
    if (!this.head.beside) this.report('head', [...chosen, this.turn]);
    else if (this.head.beside.speaks) this.report('head', [...chosen, this.turn, side]);
  }
  peak() { return Math.max(...[...this.row(this.pick)].map(part)); }
  row(at) { return this.values.subarray(at * this.n, (at + 1) * this.n); }
  shares(at) { return this.groups.subarray(at * this.head.groups.length, (at + 1) * this.head.groups.length); }
  name(at) { return `Layer ${Math.floor(at / this.heads) + 1}, head ${(at % this.heads) + 1}`; }
  short(at) { return `${Math.floor(at / this.heads) + 1}.${(at % this.heads) + 1}`; }
  place(at) { const k = this.head.order.indexOf(at); return { row: Math.floor(k / this.heads), col: k % this.heads }; }
  kind(i) { return this.head.groups[this.head.kinds[i]]; }
  role(i) { return { itself: 'cls', separator: 'sep' }[this.kind(i)] ?? 'word'; }
  best(at) {                                                 // the largest entry that is not the first token's own
    const row = this.row(at);
    let found = -1;
    row.forEach((code, i) => { if (this.kind(i) !== 'itself' && (found < 0 || size(code) > size(row[found]))) found = i; });
    return found;
  }
  said(at) {
    const { names } = this.head, mean = this.forward ? '' : ', on average';
    return [...this.shares(at)].map((code, g) => [names[g] + (this.head.kinds.filter((k) => k === g).length > 1 ? mean : ''), whole(code)]);
  }
  label(at) {
    const top = this.best(at), most = top < 0 ? '' : `; most ${this.forward ? 'to' : 'from'} ${this.head.tokens[top]}, ${whole(this.row(at)[top])}`;
    return `${this.name(at)}: ${this.said(at).map((pair) => pair.join(' ')).join(', ')}${most}`;
  }

  // ---- the whole picture

  draw() {
    const active = this.root.getRootNode().activeElement, held = active?.classList?.contains('cell') ? Number(active.dataset.at) : -1;
    this.rem = parseFloat(getComputedStyle(this.root).fontSize);
    this.compact = this.width < (this.head.beside ? 26 * this.rem : 600);
    const slim = !this.compact && this.head.beside && this.width < 36 * this.rem ? ' slim' : '';
    this.root.className = `root ${this.forward ? 'reads' : 'readby'}${this.compact ? ' compact' : slim}`;
    const ramp = this.forward ? scale(this.root, '--st-chart-sequential-colors')
      : through(this.root, '--st-secondary-background-color', '--st-green-color', '--st-text-color');
    // what is read is mostly little and once in a while all: its root. Who reads takes around one half: evenly, from 0 to 1.
    this.shade = this.forward ? (v) => ramp(Math.sqrt(v)) : ramp;
    this.figure = el('div', 'figure');
    this.tip = el('div', 'tip');
    this.tip.hidden = true;
    this.tip.setAttribute('role', 'status');
    const save = saveButton(() => savePicture(this.root, this.figure, 'cls-attention.png'));
    this.root.replaceChildren(this.figure, this.tip, save);
    this.map();
    this.key();
    this.large();
    if (held >= 0) this.cells.get(held)?.focus({ preventScroll: true });
  }

  // ---- every head as a strip

  map() {
    const { head } = this, sorted = head.by !== 'layer', rows = Math.ceil(head.order.length / this.heads);
    const top = el('div', 'top');
    top.append(el('span', 'way', head.arrow), el('span', 'meant', head.meant));
    this.figure.append(top);
    this.cells = new Map();
    const map = named(el('div', `map${sorted ? ' sorted' : ''}`), 'group', head.alt);
    map.style.setProperty('--h', this.heads);
    map.style.setProperty('--l', rows);
    if (this.compact) this.sheets(map, rows, sorted); else this.grid(map, rows, sorted);
    map.onkeydown = (event) => this.steer(event);
    map.onpointerleave = () => { this.tip.hidden = true; };
    this.figure.append(map);
    const any = this.cells.values().next().value.querySelector('canvas'), { width: w, height: h } = any.getBoundingClientRect();
    this.binned = this.n > w * devicePixelRatio;
    this.cells.forEach((cell, at) => this.strip(cell.querySelector('canvas'), this.row(at), w, h));
    this.mark();
  }
  cell(at, caption) {
    const b = button('cell', '', () => this.choose(at));
    b.dataset.at = at;
    b.setAttribute('aria-label', this.label(at));
    if (caption) b.append(caption);
    b.append(el('canvas'));
    b.onpointermove = (event) => { if (event.pointerType !== 'touch') this.overStrip(event, at, b); };
    b.onfocus = () => { if (b.matches(':focus-visible')) this.overStrip(null, at, b); };
    b.onblur = () => { this.tip.hidden = true; };
    this.cells.set(at, b);
    return b;
  }
  grid(map, rows, sorted) {
    const { head } = this;
    if (!sorted) {
      const narrow = this.root.classList.contains('slim');
      map.append(el('div', 'ly', narrow ? 'head' : ''));
      for (let h = 0; h < this.heads; h++) map.append(el('div', 'hd', `${h || narrow ? '' : 'head '}${h + 1}`));
      map.append(el('div', 'avh', head.side.length ? head.sideName : ''));
    }
    for (let r = 0; r < rows; r++) {
      const line = head.order.slice(r * this.heads, (r + 1) * this.heads);
      map.append(el('div', 'ly', sorted ? `${r * this.heads + 1}–${r * this.heads + line.length}` : `layer ${r + 1}`));
      line.forEach((at) => {
        const caption = sorted ? el('span', 'who') : null;
        caption?.append(el('b', '', this.short(at)), ' ', el('i', '', head.values[at]));
        map.append(this.cell(at, caption));
      });
      for (let k = line.length; k < this.heads; k++) map.append(el('div'));
      map.append(el('div', 'av', sorted ? '' : head.side[r] ?? ''));
    }
  }
  sheets(map, rows, sorted) {                                // a phone: one layer at a time, its heads below each other
    const { head } = this, from = this.sheet * this.heads, own = head.groups.indexOf('itself');
    const bar = named(el('div', 'bar'), 'group', sorted ? 'place in the order' : 'layer');
    if (!sorted) bar.append(el('span', 'lead', 'layer'));
    for (let r = 0; r < rows; r++) {
      const range = `${r * this.heads + 1}–${Math.min((r + 1) * this.heads, head.order.length)}`;
      const b = button('', sorted ? range : String(r + 1), () => {
        this.sheet = r;
        this.draw();
        this.figure.querySelectorAll('.bar button')[r].focus({ preventScroll: true });
      });
      b.setAttribute('aria-pressed', String(r === this.sheet));
      bar.append(b);
    }
    this.figure.append(bar);
    map.append(el('div', 'lyh', sorted ? '' : 'head'), el('div'), el('div', 'avh', sorted ? '' : this.forward ? head.sideName : head.names[own]));
    head.order.slice(from, from + this.heads).forEach((at) => {
      map.append(el('div', 'ly', sorted ? this.short(at) : String((at % this.heads) + 1)), this.cell(at),
        el('div', 'av', sorted ? head.values[at] : whole(this.shares(at)[own])));
    });
  }
  strip(canvas, row, w, h) {                                 // device pixels; where tokens outnumber them, the largest of each bin
    const W = Math.max(1, Math.round(w * devicePixelRatio)), H = Math.max(1, Math.round(h * devicePixelRatio)), n = row.length;
    canvas.width = W;
    canvas.height = H;
    const c = canvas.getContext('2d'), cols = Math.min(n, W), wide = w / n;
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.font = `${(this.compact ? 0.66 : 0.72) * this.rem * devicePixelRatio}px ${getComputedStyle(this.root).fontFamily}`;
    for (let k = 0; k < cols; k++) {
      const a = Math.floor((k * n) / cols), b = Math.max(a + 1, Math.floor(((k + 1) * n) / cols)), x = Math.round((k * W) / cols), end = Math.round(((k + 1) * W) / cols);
      let top = row[a];
      for (let i = a + 1; i < b; i++) if (size(row[i]) > size(top)) top = row[i];
      const colour = this.shade(part(top));
      c.fillStyle = rgb(colour);
      c.fillRect(x, 0, end - x, H);
      if (wide >= (this.compact ? 0.92 : 1.3) * this.rem && top !== NONE && top >= 0.05 * STEPS) {
        c.fillStyle = readable(colour);
        c.fillText(String(percent(top)), (x + end) / 2, H / 2 + devicePixelRatio);
      }
    }
  }
  steer(event) {
    const d = ARROWS[event.key], ends = { Home: 0, End: this.heads - 1 }[event.key], at = Number(event.target.dataset?.at);
    if ((!d && ends === undefined) || Number.isNaN(at)) return;
    event.preventDefault();
    const rows = Math.ceil(this.head.order.length / this.heads);
    let { row, col } = this.place(at);
    if (this.compact) {                                      // below each other: left and right change the layer
      const heads = Math.min(this.heads, this.head.order.length - this.sheet * this.heads);
      const sheet = ends !== undefined ? row : clamp(row + d[1], 0, rows - 1);
      col = ends !== undefined ? Math.min(ends, heads - 1) : clamp(col + d[0], 0, heads - 1);
      if (sheet !== this.sheet) { this.sheet = sheet; this.draw(); }
      row = sheet;
    } else if (ends !== undefined) col = ends;
    else [row, col] = [clamp(row + d[0], 0, rows - 1), clamp(col + d[1], 0, this.heads - 1)];
    const next = this.head.order[Math.min(row * this.heads + col, this.head.order.length - 1)];
    this.cells.forEach((cell, key) => { cell.tabIndex = key === next ? 0 : -1; });
    this.cells.get(next)?.focus();
  }
  mark() {
    const stop = this.cells.has(this.pick) ? this.pick : this.cells.keys().next().value;
    this.cells.forEach((cell, at) => {
      cell.setAttribute('aria-pressed', String(at === this.pick));
      cell.tabIndex = at === stop ? 0 : -1;
    });
  }
  choose(at) {
    const chosen = [Math.floor(at / this.heads) + 1, (at % this.heads) + 1];
    this.pick = at;
    this.mark();
    this.large();
    this.told(chosen, 0);
    this.company?.tell({ chosen, of: this.layers, peak: this.peak() });
  }
  follow(at) {                                               // what was chosen beside it
    this.pick = at;
    const { row } = this.place(at);
    if (this.compact && row !== this.sheet) {
      this.sheet = row;
      this.draw();
    } else {
      this.mark();
      this.large();
    }
    this.company.tell({ peak: this.peak() });
  }

  // ---- what the colours mean

  key() {
    const key = el('div', 'key'), ramp = el('div', 'ramp'), canvas = el('canvas');
    const place = this.forward ? Math.sqrt : (v) => v, back = this.forward ? (x) => x * x : (x) => x;
    paint(canvas, Array.from({ length: 96 }, (_, i) => back(i / 95)), this.shade);
    ramp.append(canvas);
    (this.forward ? [0, 0.05, 0.25, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]).forEach((v) => {
      const tick = el('span', '', `${v * 100}%`);
      tick.style.left = `${place(v) * 100}%`;
      ramp.append(tick);
    });
    const notes = [this.forward ? 'colour by the square root: small shares stay visible' : 'colour by the share itself', `left end: ${this.head.first}, position 0`];
    if (this.binned) notes.push('each column shows the largest of its neighbours');
    key.append(ramp, el('span', 'notes', notes.join(' · ')));
    this.figure.append(key);
  }

  // ---- one head on its tokens

  large() {
    const long = this.n > MANY;
    if (!this.box || this.box.parentNode !== this.figure || this.box.dataset.n !== String(this.n) || long) {
      this.box?.remove();
      this.box = el('div', 'big');
      this.box.dataset.n = this.n;
      this.figure.append(this.box);
      this.title = el('div', 'ttl');
      this.box.append(this.title);
      if (long) this.list(); else this.columns();
    }
    const groups = el('span', 'parts');
    this.said(this.pick).forEach(([name, share01]) => { const s = el('span', '', `${name} `); s.append(el('b', '', share01)); groups.append(s); });
    this.title.replaceChildren(el('b', '', this.name(this.pick)), el('i', '', this.head.arrow), groups);
    if (!long) this.fill();
    this.cursor = -1;
    this.plot.setAttribute('aria-label', `${this.label(this.pick)}. ${this.head.arrow}. Arrow keys step through the tokens.`);
  }
  stage(node) {                                              // what can be stepped through, with keys, mouse or a finger
    node.tabIndex = 0;
    node.setAttribute('role', 'group');
    node.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
      if (event.key === 'Escape') this.point(-1);
      if (by === undefined) return;
      event.preventDefault();
      this.point(clamp(this.cursor < 0 ? (by > 0 && Number.isFinite(by) ? 0 : by > 0 ? this.n - 1 : 0) : this.cursor + by, 0, this.n - 1));
    };
    node.onblur = () => this.point(-1);
    node.onpointerleave = (event) => { if (event.pointerType !== 'touch') this.point(-1); };
    this.plot = node;
    return node;
  }
  columns() {
    const least = 1.06 * this.rem, room = this.width - (this.compact ? 2.6 : 4.4) * this.rem;
    const lines = Math.ceil(this.n / Math.max(1, Math.floor(room / least))), per = Math.ceil(this.n / lines);
    const plot = this.stage(el('div', 'plot')), wide = Math.min(room / per, 9 * this.rem), letters = Math.max(...this.head.tokens.map((t) => [...t].length));
    plot.classList.toggle('tall', letters * 0.82 * this.rem * 0.61 + 8 > wide);
    plot.classList.toggle('tight', wide < 1.5 * this.rem);
    plot.style.setProperty('--n', per);
    this.cols = [];
    this.lines = [];
    const pair = this.head.groups.includes('words_b') || this.head.groups.includes('words_a');
    for (let k = 0; k < lines; k++) {
      const line = el('div', 'bars'), scaleTop = el('div', 'full'), even = el('div', 'even');
      scaleTop.append(el('em'));
      const e = el('em');
      e.append(el('span', 'long', 'even: '), `1/${this.n}`);
      even.append(e);
      line.append(scaleTop, even);
      for (let i = k * per; i < Math.min(this.n, (k + 1) * per); i++) {
        const col = at(el('div', 'col'), i - k * per + 1, 1), name = at(tile(this.head.tokens[i], this.role(i)), i - k * per + 1, 2);
        col.append(el('span'), el('u'));
        name.removeAttribute('title');
        name.firstChild.dir = 'auto';
        if (pair && this.kind(i) === 'words_b') name.classList.add('segb');
        for (const node of [col, name]) node.onpointerenter = node.onpointerdown = () => this.point(i);
        line.append(col, name);
        this.cols.push(col);
      }
      this.lines.push({ scaleTop, even });
      plot.append(line);
    }
    this.box.append(plot);
  }
  fill() {
    const row = this.row(this.pick), top = Math.max(this.peak(), this.neighbour), full = [0.1, 0.25, 0.5, 0.75, 1].find((x) => top <= x + 1e-9) ?? 1;
    this.lines.forEach(({ scaleTop, even }) => {
      scaleTop.firstChild.textContent = `${full * 100}%`;
      even.style.top = `calc(9rem - ${(7.4 / this.n / full).toFixed(3)}rem)`;
    });
    this.cols.forEach((col, i) => {
      const [number, bar] = col.children;
      number.textContent = part(row[i]) >= Math.max(Math.min(1 / this.n, 0.05), 0.03) ? String(percent(row[i])) : '';
      bar.style.setProperty('--v', (part(row[i]) / full).toFixed(4));
    });
  }

  // ---- a long text: the tokens that count, and the whole as lines of thin columns

  list() {
    const { head } = this, row = this.row(this.pick), many = this.compact ? 8 : 12;
    const ranked = [...row.keys()].toSorted((a, b) => size(row[b]) - size(row[a]) || a - b), most = ranked.slice(0, many), rest = ranked.slice(many);
    const top = this.peak(), full = [0.05, 0.1, 0.25, 0.5, 0.75, 1].find((x) => top <= x + 1e-9) ?? 1;
    const list = el('div', 'most');
    list.append(el('div', 'sub', this.forward ? `the ${many} tokens it attends to most` : `the ${many} tokens that attend to it most`),
      el('div', 'axis', `0 to ${full * 100}% · dashed: an even share, 1/${this.n}`));
    const line = (label, value, text, name) => {
      const bar = el('div', `bar1 ${name}`), u = el('u');
      u.style.width = `${Math.min(1, value / full) * 100}%`;
      bar.append(u);
      const even = el('i');
      even.style.left = `${Math.min(1, 1 / this.n / full) * 100}%`;
      bar.append(even);
      list.append(...label, bar, el('div', 'num', text));
    };
    most.forEach((i) => {
      const name = tile(head.tokens[i], this.role(i));
      name.removeAttribute('title');
      const about = el('div', 'about');
      about.dir = 'auto';
      about.append(this.near(i - 4, i), el('b', '', this.near(i, i + 1)), this.near(i + 1, i + 5));
      line([el('div', 'pos', String(i)), name, about], part(row[i]), tenth(row[i]), '');
    });
    const sum = rest.reduce((s, i) => s + part(row[i]), 0), mean = sum / rest.length;
    const written = (v) => (v > 0 && v < 0.0005 ? '<0.1%' : `${(v * 100).toFixed(1)}%`);
    if (this.forward) {                                        // a sum is off this axis: it is written, not drawn
      list.append(el('div', 'rest far', `the other ${rest.length} together (${written(mean)} each on average)`), el('div', 'num', written(sum)));
    } else line([el('div', 'rest', `the other ${rest.length}, on average`)], mean, written(mean), 'hollow');

    const per = this.compact ? 64 : 128, plot = this.stage(el('div', 'thin'));
    plot.append(el('div', 'sub', `all ${this.n} tokens, ${per} a line, each line 0 to ${full * 100}% high`));
    for (let from = 0; from < this.n; from += per) {
      const many1 = Math.min(per, this.n - from), strip = el('div', 'sys'), canvas = el('canvas');
      canvas.style.width = `${(many1 / per) * 100}%`;
      const box = el('div', `lane${from ? '' : ' first'}`);
      box.append(canvas);
      strip.append(el('div', 'pos', String(from)), box);
      plot.append(strip);
      canvas.dataset.from = from;
      canvas.onpointermove = canvas.onpointerdown = (event) => {
        const edge = canvas.getBoundingClientRect();
        this.point(from + clamp(Math.floor(((event.clientX - edge.left) / edge.width) * many1), 0, many1 - 1));
      };
    }
    this.box.append(list, plot);
    plot.querySelectorAll('canvas').forEach((canvas) => {
      const from = Number(canvas.dataset.from), { width, height } = canvas.getBoundingClientRect();
      this.thin(canvas, row.subarray(from, Math.min(this.n, from + per)), width, height, full);
    });
    this.per = per;
  }
  thin(canvas, row, w, h, full) {
    const ratio = devicePixelRatio, W = Math.round(w * ratio), H = Math.round(h * ratio), look = getComputedStyle(this.root), c = canvas.getContext('2d');
    [canvas.width, canvas.height] = [W, H];
    c.fillStyle = look.getPropertyValue('--wash').trim();
    c.fillRect(0, 0, W, H);
    c.fillStyle = look.getPropertyValue('--dir').trim();
    row.forEach((code, k) => {
      const x = Math.round((k * W) / row.length), end = Math.round(((k + 1) * W) / row.length), tall = Math.max(1, Math.round((part(code) / full) * H));
      c.fillRect(x, H - tall, Math.max(1, end - x - (end - x > 3 ? 1 : 0)), tall);
    });
    c.fillStyle = look.getPropertyValue('--muted').trim();
    const even = Math.round(H - (H / this.n / full));
    for (let x = 0; x < W; x += 7 * ratio) c.fillRect(x, even, 4 * ratio, Math.max(1, ratio));
  }
  near(from, to) {                                           // neighbours as words: pieces joined, special tokens left out
    let said = '';
    for (let i = Math.max(0, from); i < Math.min(this.n, to); i++) {
      if (this.role(i) !== 'word') continue;
      const token = this.head.tokens[i];
      said += token.startsWith('##') && token.length > 2 ? token.slice(2) : ` ${token.replace(/^[Ġ▁]/, '')}`;
    }
    return said;
  }

  // ---- what is pointed at

  point(i) {
    this.cols?.forEach((col, k) => col.classList.toggle('on', k === i));
    this.cursor = i;
    if (i < 0) { this.tip.hidden = true; return; }
    const code = this.row(this.pick)[i], first = this.head.first, kind = this.head.names[this.head.kinds[i]];
    const token = el('b', this.role(i) === 'cls' ? 'first' : '', this.head.tokens[i]);
    const told = this.forward ? (this.role(i) === 'cls' ? `of ${first}’s attention, to itself` : `of ${first}’s attention`)
      : this.role(i) === 'cls' ? `of ${first}’s attention, to itself` : `of its attention goes to ${first}`;
    this.tip.replaceChildren(token, el('strong', '', tenth(code)), el('span', '', told),
      el('span', '', `position ${i} of ${this.n}${this.role(i) === 'word' ? ` · ${kind}` : ''}`));
    if (this.n > MANY) {
      const canvas = this.plot.querySelectorAll('canvas')[Math.floor(i / this.per)], edge = canvas.getBoundingClientRect();
      const inLine = Math.min(this.per, this.n - Number(canvas.dataset.from));
      this.at(edge.left + ((i % this.per) + 0.5) / inLine * edge.width, edge.top);
    } else {
      const edge = this.cols[i].querySelector('u').getBoundingClientRect();
      this.at(edge.left + edge.width / 2, edge.top - 18);
    }
  }
  overStrip(event, at, cell) {
    const lines = this.said(at).flatMap(([name, text]) => [el('span', 'name', name), el('span', 'val', text)]);
    this.tip.replaceChildren(el('strong', 'wide', this.name(at)), ...lines);
    const edge = cell.querySelector('canvas').getBoundingClientRect();
    if (event) {
      const i = clamp(Math.floor(((event.clientX - edge.left) / edge.width) * this.n), 0, this.n - 1);
      this.tip.append(el('em', '', `here: ${this.head.tokens[i]} (${i})`), el('span', 'val', tenth(this.row(at)[i])));
    }
    this.at(event ? event.clientX : edge.left + edge.width / 2, edge.top);
  }
  at(x, y) {                                                 // above what is pointed at, inside the picture
    this.tip.hidden = false;
    const home = this.root.getBoundingClientRect(), own = this.tip.getBoundingClientRect();
    const left = clamp(x - home.left - own.width / 2, 0, Math.max(0, home.width - own.width));
    const above = y - home.top - own.height - 8;
    this.tip.style.transform = `translate(${Math.round(left)}px,${Math.round(above < -40 ? y - home.top + 48 : above)}px)`;
  }
  fit() { this.draw(); }
  leave() { this.company?.leave(); }
}

export default mounted(Atlas);
