// One band a layer, one segment a token; the same segments grow and shrink when the whole is of something else.
const PARTS = { itself: 'own', separator: 'sep', punctuation: 'mark', words: 'word', words_a: 'word', words_b: 'word two' };
const tenth = (v) => (v > 0 && v < 0.0005 ? '<0.1%' : `${(v * 100).toFixed(1)}%`);
const length2 = (v) => (v > 0 && v < 0.005 ? '<0.01' : v.toFixed(2));

class Bands extends Picture {
  pen = el('canvas').getContext('2d');

  show({ head, arrays }) {
    const text = ({ columns, kinds, positions, names }) => JSON.stringify([columns, kinds, positions, names]);
    const same = this.head && text(head) === text(this.head) && arrays.lengths.shape[0] === this.layers;
    this.head = head;
    this.arrays = arrays;
    [this.layers, this.n] = arrays.lengths.shape;
    if (!same) this.build();
    this.meant.textContent = head.meant;
    this.figure.setAttribute('aria-label', head.alt);
    this.fit();
    this.point(this.at);
  }
  part(which, layer, i) { return this.arrays[which].values[layer * this.n + i]; }

  // ---- the picture, once for a text

  build() {
    const { head, root } = this, thin = head.states[0];
    this.at = null;
    this.figure = el('div', 'figure');
    this.figure.tabIndex = 0;
    this.figure.setAttribute('role', 'group');
    this.meant = el('div', 'meant');
    const grid = el('div', `grid${this.layers > 16 ? ' many' : this.layers > 8 ? ' some' : ''}`);
    grid.append(el('div'), el('div'), el('div', 'hd', 'itself'));
    this.rows = Array.from({ length: this.layers }, (_, layer) => {
      const pair = el('div', 'pair'), side = el('div', 'side');
      const make = (band) => head.columns.map((name, i) => {
        const cell = el('div', `s ${PARTS[head.groups[head.kinds[i]]]}${head.gaps[i] ? ' gap' : ''}`);
        cell.dataset.layer = layer;
        cell.dataset.at = i;
        if (band === 'thick') {
          const label = el('span', '', name);
          label.dir = 'auto';
          cell.append(label);
        }
        return cell;
      });
      const bands = [el('div', 'thin'), el('div', 'thick')], cells = [make('thin'), make('thick')];
      bands.forEach((band, k) => band.append(...cells[k]));
      pair.append(...bands);
      const label = el('div', 'ly');
      label.append(el('span', '', 'layer '), String(layer + 1));
      grid.append(label, pair, side);
      return { cells, side, pair };
    });
    const key = el('div', 'key');
    head.groups.forEach((group, g) => {
      const one = el('span', 'one'), name = el('span', '', head.names[g]);
      one.append(el('i', `s ${PARTS[group]}`), name);
      key.append(one);
    });
    if (head.gaps.some(Boolean)) {
      const one = el('span', 'one');
      one.append(el('i', 's gap'), el('span', '', 'neighbours together'));
      key.append(one);
    }
    this.note = el('span', 'note', `thin band above: the ${thin}`);
    key.append(this.note);
    this.figure.append(this.meant, grid, key);
    this.line = el('div', 'line');
    this.line.setAttribute('role', 'status');
    const foot = el('div', 'foot');
    foot.append(this.line, saveButton(() => savePicture(root, this.figure, 'cls-amount.png')));
    grid.onpointermove = grid.onpointerdown = (event) => {
      const cell = event.composedPath().find((node) => node.dataset?.at !== undefined);
      if (cell) this.point([Number(cell.dataset.layer), Number(cell.dataset.at)]);
    };
    grid.onpointerleave = (event) => { if (event.pointerType === 'mouse') this.point(null); };
    this.figure.onkeydown = (event) => this.steer(event);
    this.figure.onblur = () => this.point(null);
    root.replaceChildren(this.figure, foot);
  }

  // ---- widths, and which names have room in them

  fit() {
    const { head, root, rows, pen } = this, thin = head.states[0];
    const wide = rows[0].pair.clientWidth, css = getComputedStyle(root), rem = parseFloat(css.fontSize);
    pen.font = `600 ${0.78 * rem}px ${css.getPropertyValue('--st-code-font')}`;
    const need = head.columns.map((name) => pen.measureText(name).width + (name.length < 3 ? 0.1 : 0.5) * rem);   // a mark is narrow, and so is its place
    rows.forEach(({ cells, side }, layer) => {
      [thin, head.state].forEach((which, band) => {
        let left = 0;
        cells[band].forEach((cell, i) => {
          const size = this.part(which, layer, i);
          cell.style.left = `${left * 100}%`;
          cell.style.width = `${size * 100}%`;
          cell.classList.toggle('fits', size * wide >= need[i]);
          cell.classList.toggle('hair', size * wide < 3);
          left += size;
        });
      });
      const from = head.own[thin][layer], to = head.own[head.state][layer];
      side.replaceChildren(...(head.state !== 'amount' ? [] : [el('span', 'from', `${from} → `)]), el('b', '', to));
    });
    this.figure.classList.toggle('bare', head.state === thin);
    this.note.hidden = head.state === thin;
  }

  // ---- what is pointed at

  steer(event) {
    const step = ARROWS[event.key];
    if (modified(event)) return;
    if (event.key === 'Escape') this.point(null);
    if (!step) return;
    event.preventDefault();
    const [layer, i] = this.at ? [this.at[0] + step[0], this.at[1] + step[1]] : [0, 0];
    this.point([clamp(layer, 0, this.layers - 1), clamp(i, 0, this.n - 1)]);
  }
  point(at) {
    const { head } = this;
    this.rows.forEach(({ cells }, layer) => cells[1].forEach((cell, i) => {
      cell.classList.toggle('same', Boolean(at) && i === at[1]);
      cell.classList.toggle('here', Boolean(at) && i === at[1] && layer === at[0]);
    }));
    this.at = at;
    if (!at) {
      this.line.replaceChildren(...hints('Point at a segment, or walk with the arrow keys.', 'Tap a segment.'));
      return;
    }
    const [layer, i] = at, kind = head.groups[head.kinds[i]], gap = head.gaps[i];
    const name = el('code', kind === 'itself' ? 'first' : '', head.columns[i]), told = el('span');
    name.dir = 'auto';
    const each = gap ? ', on average' : '';
    told.append(`layer ${layer + 1}: weight `, el('b', '', tenth(this.part(head.states[0], layer, i))),
      `, length ${length2(this.arrays.lengths.values[layer * this.n + i])} in a head${each}, `,
      el('b', '', tenth(this.part('amount', layer, i))), ' of the amount');
    this.line.replaceChildren(name, told, el('span', 'hint', gap ? `from position ${head.positions[i]} on` : `position ${head.positions[i]} of ${head.even}`));
  }
}

export default mounted(Bands);
