// The sequence of tokens: one column a position. A long text breaks into lines like a musical score, between words where it can.
const STEPS = { letters: 'Letters', pieces: 'Tokens', added: null, numbers: 'Numbers' };    // null: named by the model
const LONG = [7, 10];                                          // lines, wide and narrow; above it the picture scrolls in a box of its own
const TALLEST = 7000;                                          // CSS pixels of a saved picture

class Sequence extends Picture {
  pen = el('canvas').getContext('2d');
  at = null;                                                   // the position that is read out

  show(data) {
    const same = this.data && JSON.stringify({ ...this.data, step: 0 }) === JSON.stringify({ ...data, step: 0 });
    this.data = data;
    if (!same) { this.at = null; this.build(); }
    this.go(data.step);
  }

  // ---- the frame: steps, texts, the score, the line that reads a position out

  build() {
    const { data, root } = this, bar = el('div', 'bar');
    if (data.steps) {
      const steps = named(el('div', 'steps'), 'group', 'How the text becomes what the model gets');
      this.buttons = Object.entries(STEPS).map(([name, label]) => {
        const b = button('b', label ?? `+ ${data.first} ${data.separator}`, () => {
          this.go(name);
          this.report('step', name);
        });
        b.dataset.step = name;
        steps.append(b);
        return b;
      });
      bar.append(steps);
    } else this.buttons = [];
    if (data.texts.length > 1) {
      const label = el('label', 'pick'), menu = el('select');
      data.texts.forEach((text, k) => {
        const option = el('option', '', `${k + 1} · ${text}`);
        option.value = String(k + 1);                          // texts are counted from 1
        option.selected = k + 1 === data.text;
        menu.append(option);
      });
      menu.onchange = () => this.report('text', Number(menu.value));
      label.append(el('span', '', 'Text'), menu);
      bar.append(label);
    }
    this.box = el('div', 'box');
    this.box.tabIndex = 0;
    named(this.box, 'group', data.words);
    this.box.onkeydown = (e) => this.key(e);
    this.box.onpointerover = (e) => { if (e.pointerType === 'mouse') this.point(e); };
    this.box.onclick = (e) => this.point(e);
    this.box.onpointerleave = (e) => { if (e.pointerType === 'mouse') this.read(null); };
    this.line = el('div', 'line');
    this.line.setAttribute('role', 'status');
    const foot = el('div', 'foot');
    foot.append(this.line, saveButton(() => this.save()));
    root.replaceChildren(...(bar.childElementCount ? [bar] : []), this.box, foot);
    this.fit();
    this.read(null);
  }

  go(step) {
    const order = Object.keys(STEPS), now = order.indexOf(step);
    order.forEach((name, k) => this.box.classList.toggle(`has-${name}`, k <= now));
    for (const b of this.buttons) b.setAttribute('aria-pressed', String(b.dataset.step === step));
    this.step = step;
    this.read(this.at);
  }

  // ---- lines

  widths() {
    const { data, pen, root } = this, css = getComputedStyle(root);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const of = (name) => css.getPropertyValue(name).trim();
    const width = (font) => { pen.font = font; return (text) => pen.measureText(text).width; };
    const tokens = data.tokens, mono = of('--st-code-font'), serif = of('--st-heading-font');
    let measure = width(`600 ${0.86 * rem}px ${mono}`);
    const tile = tokens.map((t) => measure(t) + 0.9 * rem);
    measure = width(`${0.78 * rem}px ${mono}`);
    const numbers = tokens.map((_, i) => Math.max(measure(data.offsets[i].join(':')), measure(String(data.ids[i]))) + 0.7 * rem);
    measure = width(`${1.08 * rem}px ${serif}`);
    const words = data.letters.map((t) => measure(t) + 0.3 * rem);
    const note = (i) => (data.roles[i] === 'unk' ? 4.1 : data.roles[i] === 'word' ? 1.9 : 3) * rem;
    return { rem, need: tokens.map((_, i) => Math.ceil(Math.max(tile[i], numbers[i], words[i], note(i))) + 2) };
  }

  breaks(need, room) {                                         // [from, to) of each line
    const { data } = this, lines = [], free = (i) => data.begins[i];
    let a = 0;
    const all = need.reduce((x, y) => x + y, 0);
    while (a < need.length) {
      let b = a, used = 0;
      while (b < need.length && (b === a || used + need[b] <= room)) {
        if (b > a && all > room && data.sequence[b] === 1 && data.sequence[b - 1] !== 1) break;   // a second text begins a line
        used += need[b];
        b += 1;
      }
      if (b < need.length && !free(b)) {
        let c = b;
        while (c > a && !free(c)) c -= 1;
        const kept = need.slice(a, c).reduce((x, y) => x + y, 0);
        if (c > a && kept > 0.5 * used) b = c;
      }
      lines.push([a, b]);
      a = b;
    }
    return lines;
  }

  fit() {
    const { width } = this;
    if (!width) return;
    const { rem, need } = this.widths(), narrow = width < 600, side = (narrow ? 4.1 : 5.4) * rem;
    const room = width - side - 2;
    let lines = this.breaks(need, room);
    const most = LONG[Number(narrow)];
    this.box.classList.toggle('long', lines.length > most);
    if (lines.length > 1 && lines.length <= most) {            // no lonely last piece: lines of about one length
      for (let less = room * 0.97; less > room * 0.5; less *= 0.97) {
        const even = this.breaks(need, less);
        if (even.length > lines.length) break;
        lines = even;
      }
    }
    this.columns = [];
    this.box.replaceChildren(...lines.map(([a, b], k) => this.system(a, b, side, need, k)));
    if (this.data.cut) this.box.append(el('div', 'cut', this.data.cut));
    this.read(this.at);
  }

  system(a, b, side, need, index) {
    const { data } = this, grid = el('div', 'sys');
    grid.style.gridTemplateColumns = `${side}px ${need.slice(a, b).map((w) => `${w}px`).join(' ')}`;
    const head = index === 0 && data.roles[0] === 'cls' ? need[0] : 0;
    grid.style.setProperty('--seat', `${head}px`);             // how far the words of this line move when the first token comes
    grid.setAttribute('role', 'table');
    grid.setAttribute('aria-label', `positions ${data.positions[a]} to ${data.positions[b - 1]}`);
    let row = 0;
    const cells = Array.from({ length: b - a }, () => []);
    const line = (name, label, title) => {
      row += 1;
      const r = el('div', `r ${name}`), l = at(el('div', 'lab', label), 1, row);
      r.setAttribute('role', 'row');
      l.setAttribute('role', 'rowheader');
      if (title) l.title = title;
      r.append(l);
      grid.append(r);
      const n = row;
      return (node, i, j = i + 1) => {
        node.setAttribute('role', 'cell');
        if (j > i + 1) node.setAttribute('aria-colspan', String(j - i));
        if (head && data.roles[i] !== 'cls') node.classList.add('shift');
        if (data.roles[i] !== 'word' && data.roles[i] !== 'unk') node.classList.add('seat');
        for (let k = i; k < j; k++) cells[k - a].push(node);
        if (node.dataset.at === undefined) node.dataset.at = String(i);
        r.append(at(node, `${i - a + 2}/${j - a + 2}`, n));
      };
    };

    const strange = data.roles.slice(a, b).includes('unk');
    let put = line('letters', 'text');
    for (let i = a; i < b;) {
      if (data.sequence[i] < 0) { put(el('div', 'w none', 'added'), i); i += 1; continue; }
      let j = i + 1;
      while (j < b && !data.begins[j]) j += 1;
      const w = el('div', 'w'), isolate = el('span', 'letters');
      isolate.dir = 'auto';
      if (i > 0 && !data.begins[i]) w.classList.add('from');   // the word came from the line before
      if (j === b && j < data.tokens.length && !data.begins[j]) w.classList.add('on');
      for (let k = i; k < j; k++) {
        const part = el('span', 'part', data.letters[k]);
        part.dataset.at = String(k);
        isolate.append(part);
      }
      if (data.roles[i] === 'unk') w.classList.add('strange');
      w.append(isolate);
      put(w, i, j);
      i = j;
    }
    put = line('piece', 'token');
    for (let i = a; i < b; i++) {
      const t = tile(data.tokens[i], data.roles[i] === 'unk' ? 'word unk' : data.roles[i]);
      if (!data.begins[i]) t.classList.add('piece');
      t.dir = 'ltr';
      put(t, i);
    }
    if (strange) {
      put = line('why', '');
      for (let i = a; i < b; i++) put(el('div', 'n', data.roles[i] === 'unk' ? 'unknown' : ''), i);
    }
    const numbers = (name, label, title, of) => {
      put = line(name, label, title);
      for (let i = a; i < b; i++) put(el('div', `n${data.roles[i] === 'cls' ? ' cls' : ''}`, of(i)), i);
    };
    numbers('offset', 'characters', 'offset_mapping', (i) => (data.sequence[i] < 0 ? '–' : data.offsets[i].join(':')));
    numbers('number id', 'id', 'input_ids', (i) => String(data.ids[i]));
    numbers('number position', 'position', 'position_ids', (i) => String(data.positions[i]));
    const paired = data.sequence.includes(1);
    if (data.segments || paired) {                             // a model without segments is not told which text is which
      put = line('number segment', data.segments ? 'segment' : 'text', data.segments ? 'token_type_ids' : 'not given to the model');
      const of = (i) => (data.segments ? data.segments[i] : data.sequence[i]);
      for (let i = a; i < b;) {
        let j = i + 1;
        while (j < b && of(j) === of(i)) j += 1;
        const name = of(i) < 0 ? '' : data.segments ? `${'AB'[of(i)] ?? ''} = ${of(i)}` : 'AB'[of(i)];
        put(el('div', `seg${of(i) === 1 ? ' two' : of(i) < 0 ? ' none' : ''}`, name), i, j);
        i = j;
      }
    }
    put = line('number mask', 'mask', 'attention_mask');
    for (let i = a; i < b; i++) {
      const m = el('div', 'm');
      m.append(el('span', 'sr', '1'));
      m.title = '1: a real token, other tokens may attend to it';
      put(m, i);
    }
    cells.forEach((nodes, k) => { this.columns[a + k] = nodes; });
    return grid;
  }

  // ---- reading one position

  point(e) {
    const node = e.composedPath().find((n) => n.dataset?.at !== undefined);
    if (!node) return;
    const i = Number(node.dataset.at);
    if (node.classList.contains('seg')) return;
    this.read(i);
  }

  read(i) {
    const { data } = this;
    if (!this.columns) return;
    this.box.querySelectorAll('.here').forEach((n) => n.classList.remove('here'));
    this.at = i;
    if (i === null || i >= data.tokens.length) {
      this.at = null;
      this.line.replaceChildren(...(data.steps ? [el('span', '', data.says[this.step])] : []),
        ...hints('Point at a token, or walk with the arrow keys.', 'Tap a token.'));
      return;
    }
    for (const n of this.columns[i]) if (n.textContent && !n.matches('.w:not(.none),.seg')) n.classList.add('here');
    this.box.querySelectorAll(`.part[data-at="${this.holder(i)}"]`).forEach((n) => n.classList.add('here'));
    const said = [], word = data.sequence[i] >= 0;
    const [from, to] = data.offsets[i];
    if (this.step === 'numbers') said.push(el('b', '', `Position ${data.positions[i]}`));
    const name = el('code', data.roles[i] === 'cls' ? 'first' : '', data.tokens[i]);
    name.dir = 'ltr';
    said.push(name);
    if (this.step === 'numbers') said.push(el('span', '', `id ${data.ids[i]}`));
    if (word) {
      const letters = el('q', '', data.letters[this.holder(i)]);
      letters.dir = 'auto';
      const slice = el('code', '', `${data.sequence[i] ? 'pair' : 'text'}[${from}:${to}]`), both = el('span');
      both.append(slice, ' = ', letters);
      said.push(both);
    } else said.push(el('span', '', 'added by the tokenizer, not typed'));
    if (data.roles[i] === 'unk') said.push(el('span', '', 'unknown: the letters are lost'));
    if (this.step === 'numbers') said.push(el('span', '', `${data.segments ? `segment ${data.segments[i]}, ` : ''}mask 1: a real token`));
    this.line.replaceChildren(...said);
  }

  holder(i) {                                                  // two pieces may share one letter: the first one shows it
    while (i > 0 && !this.data.letters[i] && !this.data.begins[i]) i -= 1;
    return i;
  }

  key(e) {
    if (modified(e)) return;
    const n = this.data.tokens.length, starts = this.columns;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    let to = null;
    if (step) to = this.at === null ? (step > 0 ? 0 : n - 1) : clamp(this.at + step, 0, n - 1);
    else if (e.key === 'Home') to = 0;
    else if (e.key === 'End') to = n - 1;
    else if (e.key === 'Escape') { this.read(null); return; }
    if (to === null) return;
    e.preventDefault();
    this.read(to);
    starts[to].at(-1).scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  // ---- the picture

  async save() {
    const lines = [...this.box.querySelectorAll('.sys')], box = this.box.getBoundingClientRect();
    const seen = this.box.scrollHeight <= TALLEST ? lines
      : lines.filter((s) => { const r = s.getBoundingClientRect(); return r.bottom > box.top && r.top < box.bottom; });
    const whole = el('div', `box open ${[...this.box.classList].filter((c) => c.startsWith('has-')).join(' ')}`);
    whole.append(...seen.map((s) => s.cloneNode(true)));
    const aside = el('div');                                   // it must stand somewhere to have a size
    aside.style.cssText = `position:absolute;left:-99999px;width:${this.box.clientWidth}px`;
    aside.append(whole);
    this.root.append(aside);
    try {
      await savePicture(this.root, whole, this.data.file);
    } finally {
      aside.remove();
    }
  }
}

export default mounted(Sequence);
