// The whole way on one token axis: position 0 is the same column from the first row to the last, and each part is a door.
class Score extends Picture {
  show({ head, arrays }) {
    const { root } = this;
    const { columns, roles, captions, doors, others, first, hidden } = head;
    const shares = arrays.attends_to;                                  // float32[layers, columns]
    const vectors = arrays.vectors;                              // int8[columns, hidden]
    const layers = shares.shape[0], n = columns.length;

    const grid = el('div', 'g');
    grid.style.setProperty('--n', n);
    named(grid, 'group', head.words);                            // an image has no doors in it
    const rail = el('div', 'rail');
    grid.append(rail);
    let row = 1;

    const part = (k) => {                                        // captions stand right of position 0: nothing crosses the rail
      const number = at(el('div', 'num'), 1, row), text = at(el('div', 'cap'), '3/-1', row);
      number.append(el('b', '', String(k + 1)));
      text.append(el('span', 'why', captions[k]));
      text.append(button('door', `${doors[k][1]} →`, () => door(doors[k][0])));
      if (k === 0) { number.classList.add('first'); text.classList.add('first'); }
      if (k === 3) { number.classList.add('others'); text.classList.add('others'); }
      grid.append(number, text);
      row += 1;
    };
    const label = (text, long = '') => {
      const l = at(el('div', 'lab'), 1, row);
      if (long) l.append(el('span', 'long', long));
      l.append(text);
      grid.append(l);
    };

    part(0);
    label('', 'token');
    const tiles = columns.map((token, i) => {
      const t = at(roles[i] === 'gap' ? el('div', 't gap', token) : tile(token, roles[i]), i + 2, row);
      grid.append(t);
      return t;
    });
    row += 1;

    part(1);
    const blue = scale(root, '--st-chart-sequential-colors');
    for (let k = 0; k < layers; k++) {
      label(String(k + 1), 'layer ');
      for (let i = 0; i < n; i++) {
        const share01 = shares.values[k * n + i], cell = at(el('div', 'c'), i + 2, row), colour = blue(Math.sqrt(share01));
        cell.style.background = rgb(colour);
        cell.title = `layer ${k + 1}: ${first} gives ${(share01 * 100).toFixed(1)}% of its attention to ${columns[i]}`;
        if (share01 >= 0.05) {
          cell.append(el('span', '', String(Math.round(share01 * 100))));
          cell.style.color = readable(colour);
        }
        grid.append(cell);
      }
      row += 1;
    }

    part(2);
    label(String(hidden), '');
    grid.lastChild.append(el('div', 'long', 'dimensions'));
    const diverging = scale(root, '--st-chart-diverging-colors'), shade = (c) => diverging((c + 127) / 254);
    for (let i = 0; i < n; i++) {
      const box = at(el('div', `v ${roles[i]}`), i + 2, row);
      if (roles[i] !== 'gap') box.append(paint(el('canvas'), vectors.values.subarray(i * hidden, (i + 1) * hidden), shade, hidden));
      grid.append(box);
    }
    row += 1;
    label(first);
    const slice = at(el('div', 'out'), '2/-1', row);
    slice.append(paint(el('canvas'), vectors.values.subarray(0, hidden), shade));
    grid.append(slice);
    row += 1;
    const foot = at(el('div', 'foot'), '2/-1', row);
    foot.append(el('span', '', 'dimension 0'), el('span', '', 'violet below 0 · green above 0'), el('span', '', `dimension ${hidden - 1}`));
    grid.append(foot);
    rail.style.gridRow = `2/${row}`;
    row += 1;

    part(3);
    const low = Math.min(0, ...others.flatMap((o) => [o.cls, o.mean])), place = (v) => `${((v - low) / (1 - low)) * 100}%`;
    others.forEach((other) => {
      const line = at(el('div', 'near'), '2/-1', row), track = el('div', 'track');
      line.append(el('div', 'text', other.text));
      line.firstChild.dir = 'auto';
      const span = el('div', 'span');
      span.style.left = place(Math.min(other.cls, other.mean));
      span.style.width = `${(Math.abs(other.cls - other.mean) / (1 - low)) * 100}%`;
      track.append(span);
      const close = Math.abs(other.cls - other.mean) / (1 - low) < 0.09;
      [['mean', other.mean, other.meanText], ['cls', other.cls, other.clsText]].forEach(([kind, value, text]) => {
        const mark = el('div', `mark ${kind}${close ? (value === Math.min(other.cls, other.mean) ? ' left' : ' right') : ''}`);
        mark.style.left = place(value);
        mark.append(el('span', '', text));
        track.append(mark);
      });
      line.append(track);
      grid.append(line);
      row += 1;
    });
    const ends = at(el('div', 'scale'), '2/-1', row);
    [0, 0.5, 1].forEach((v) => {
      const tick = el('span', '', String(v));
      tick.style.left = place(v);
      ends.append(tick);
    });
    grid.append(ends);
    row += 1;
    const axis = at(el('div', 'axis'), '2/-1', row);
    axis.append(el('span', 'key cls', first), el('span', 'key mean', 'mean of all tokens'), el('span', 'say', head.along));
    grid.append(axis);

    const moves = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    const play = button('door play', '▸ Play the way once', () => this.play(play));
    root.replaceChildren(...(moves ? [play] : []), grid, saveButton(() => savePicture(root, grid, 'cls-question.png')));
    Object.assign(this, { grid, tiles, slice, layers, columns: n, shares: shares.values });
    this.fit();
  }
  // What each token gives flows along its row to position 0, layer by layer; then the slice is taken. Once, and only when asked.
  async play(asked) {
    const { grid, columns, layers, shares, slice } = this, cells = [...grid.querySelectorAll('.c')];
    asked.disabled = true;
    slice.style.visibility = 'hidden';
    for (let layer = 0; layer < layers && grid.isConnected; layer++) {
      const row = cells.slice(layer * columns, (layer + 1) * columns), [own] = row;
      const flights = row.slice(1).map((cell, i) => {
        const dot = el('div', 'dot'), size = 4 + 22 * Math.sqrt(shares[layer * columns + i + 1]);
        const from = cell.offsetLeft + cell.offsetWidth / 2, to = own.offsetLeft + own.offsetWidth / 2;
        dot.style.cssText = `left:${from - size / 2}px;top:${cell.offsetTop + cell.offsetHeight / 2 - size / 2}px;width:${size}px;height:${size}px`;
        grid.append(dot);
        const way = dot.animate([{ transform: 'none', opacity: 0.9 }, { transform: `translateX(${to - from}px)`, opacity: 0.2 }], { duration: 620, easing: 'ease-in-out' });
        return way.finished.finally(() => dot.remove());
      });
      await Promise.all(flights);
    }
    slice.style.visibility = '';
    const [own] = grid.querySelectorAll('.v');
    const { left, top } = own.getBoundingClientRect(), end = slice.getBoundingClientRect();
    await slice.animate([{ transform: `translate(${left - end.left}px, ${top - end.top}px) scaleX(0.05)` }, { transform: 'none' }], { duration: 700, easing: 'ease-out' }).finished;
    asked.disabled = false;
  }
  fit() {
    const { grid, tiles } = this;
    grid.classList.remove('tall');
    grid.classList.toggle('tall', tiles.some((t) => t.scrollWidth > t.clientWidth + 1));
    grid.classList.toggle('thin', tiles[0].clientWidth < 24);
  }
}

export default mounted(Score);
