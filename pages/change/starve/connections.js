// What the first token attends to, layer by layer, and what it may not: every layer, token and edge can be pressed.
class Gate extends Picture {
  at = [1, 0];                                                 // what has the focus keeps it when the picture is drawn anew

  show({ head, arrays }) {
    const held = this.root.contains(this.root.getRootNode().activeElement);
    this.head = head;
    this.shares = arrays.attends_to;                                 // float32[layers, columns]
    this.cut = arrays.cut.values;                              // uint8[layers, columns]
    this.draw();
    if (held) this.spot(this.at)?.focus({ preventScroll: true });
  }
  draw() {
    const { head } = this, [layers, n] = this.shares.shape, blue = scale(this.root, '--st-chart-sequential-colors');
    const figure = el('div', 'connections'), top = el('div', 'top'), pan = el('div', 'pan'), grid = el('div', 'g');
    top.append(el('span', 'way', head.arrow), el('span', '', 'mean of the heads, in percent'), el('span', '', 'press a layer, ↓ (from there on), a token or a cell to forbid it'));
    grid.style.setProperty('--n', n);
    named(grid, 'group', head.words);
    this.spots = [];                                           // what can be pressed, by row and column
    const rail = el('div', 'rail');
    rail.style.gridRow = `1/${layers + 2}`;
    grid.append(rail);

    const name = at(el('div', 'lab'), 1, 1);
    name.append(el('span', 'say', 'token'));
    grid.append(name);
    const heads = [null, null];
    head.columns.forEach((token, c) => {
      const everywhere = head.places[c] > 0 && Array.from({ length: layers }, (_, k) => this.cut[k * n + c]).every(Boolean);
      const box = head.roles[c] === 'gap' ? el('div', 't gap', token) : tile(token, head.roles[c]);
      let shown = box;
      if (head.places[c] > 0) {
        shown = el('button', box.className);
        shown.append(...box.childNodes);
        shown.title = `${token}: press to ${everywhere ? 'allow it again' : 'forbid it in every layer'}`;
        this.pressable(shown, `${token} in every layer`, everywhere, { place: head.places[c] }, [0, c + 2]);
      } else shown.title = box.title;
      if (everywhere) shown.classList.add('off');
      if (c === 0) shown.classList.add('seat');
      heads.push(head.places[c] > 0 ? shown : null);
      grid.append(at(shown, c + 2, 1));
    });
    this.spots.push(heads);

    for (let k = 0; k < layers; k++) {
      const closed = head.closed.includes(k + 1), lab = at(el('div', 'lab'), 1, k + 2);
      const lay = el('button', 'lay'), from = el('button', 'from', '↓');
      const number = el('b', '', String(k + 1));
      lay.append(el('span', 'long', 'layer'), number, el('i', 'whole', closed ? 'closed' : 'open'), el('i', 'short', closed ? '×' : '○'));
      lay.title = `layer ${k + 1}: press to ${closed ? 'open' : 'close'} it`;
      this.pressable(lay, `layer ${k + 1} closed`, closed, { layer: k + 1 }, [k + 1, 0]);
      from.title = `close from layer ${k + 1} on`;
      this.pressable(from, from.title, null, { from: k + 1 }, [k + 1, 1]);
      lab.append(lay, from);
      grid.append(lab);
      const line = [lay, from];
      for (let c = 0; c < n; c++) {
        const v = this.shares.values[k * n + c], off = this.cut[k * n + c] === 1, free = head.places[c] > 0 && !closed;
        const cell = el(free ? 'button' : 'div', `c${off ? ' off' : ''}`), said = `layer ${k + 1}: ${head.first} ${off ? 'may not attend' : `attends ${(v * 100).toFixed(1)}%`} to ${c ? head.columns[c] : 'itself'}`;
        cell.title = said;
        if (off) cell.textContent = '×';
        else {
          const colour = blue(Math.sqrt(v));
          cell.style.background = rgb(colour);
          if (v >= 0.05) {
            cell.textContent = String(Math.round(v * 100));
            cell.style.color = readable(colour);
          }
        }
        if (c === 0) cell.classList.add('seat');
        if (free) this.pressable(cell, said, off, { layer: k + 1, place: head.places[c] }, [k + 1, c + 2]);
        line.push(free ? cell : null);
        grid.append(at(cell, c + 2, k + 2));
      }
      this.spots.push(line);
    }
    grid.onkeydown = (event) => this.steer(event);
    pan.append(grid);
    figure.append(top, pan, this.legend(blue));
    this.root.replaceChildren(figure, saveButton(() => savePicture(this.root, figure, 'cls-connections.png')));
    this.grid = grid;
    this.fit();
    grid.style.setProperty('--l', `${name.getBoundingClientRect().width + 3}px`);
    if (!this.spot(this.at)) this.at = [1, 0];
    this.mark();
  }
  fit() {                                                      // tokens stand upright where they do not fit
    this.grid.classList.remove('tall');
    this.grid.classList.toggle('tall', [...this.grid.querySelectorAll('.t')].some((t) => t.scrollWidth > t.clientWidth + 1));
  }
  legend(blue) {
    const foot = el('div', 'foot'), ramp = el('div', 'ramp'), canvas = el('canvas');
    paint(canvas, Array.from({ length: 96 }, (_, i) => (i / 95) ** 2), (v) => blue(Math.sqrt(v)));
    ramp.append(canvas);
    [0, 0.05, 0.25, 0.5, 1].forEach((v) => {
      const tick = el('span', '', `${v * 100}%`);
      tick.style.left = `${Math.sqrt(v) * 100}%`;
      ramp.append(tick);
    });
    const key = el('span', 'key');
    key.append(el('b', '', '×'), 'forbidden');
    foot.append(ramp, key, el('span', '', 'colour by the square root: small shares stay visible'));
    return foot;
  }
  pressable(node, name, on, what, spot) {
    node.type = 'button';
    node.setAttribute('aria-label', name);
    if (on !== null) node.setAttribute('aria-pressed', String(on));
    node.onclick = () => {
      this.at = spot;
      this.mark();
      node.classList.add('busy');
      this.press('press', what);
    };
    node.onfocus = () => { this.at = spot; this.mark(); };
  }
  spot([row, column]) { return this.spots[row]?.[column]; }
  mark() {                                                     // one stop for the tab key; arrow keys do the rest
    this.spots.flat().forEach((each) => { if (each) each.tabIndex = -1; });
    const now = this.spot(this.at);
    if (now) now.tabIndex = 0;
  }
  steer(event) {
    const step = ARROWS[event.key];
    if (!step || modified(event)) return;
    event.preventDefault();
    let [row, column] = this.at;
    do { row += step[0]; column += step[1]; } while (this.spots[row] && column >= 0 && column < this.spots[row].length && !this.spots[row][column]);
    const next = this.spot([row, column]);
    if (next) next.focus();
  }
}

export default mounted(Gate);
