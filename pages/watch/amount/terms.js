// A sum: every term a line, the LayerNorms as rules between them, the sum at the foot.
const line = (cls, ...cells) => {
  const row = el('div', `r ${cls}`);
  row.setAttribute('role', 'row');
  for (const cell of cells) {
    cell.setAttribute('role', 'cell');
    row.append(cell);
  }
  return row;
};

class Terms extends Picture {
  show({ head }) {
    const { root } = this, { rows, total } = head;
    const shares = rows.flatMap((row) => (row.share === undefined ? [] : [row.share])), low = Math.min(0, ...shares), high = Math.max(1, ...shares);
    const place = (v) => `${((v - low) / (high - low)) * 100}%`;
    const bar = (share, cls) => {
      const box = el('div', 'bar'), fill = el('u', `${cls}${share < 0 ? ' minus' : ''}`), zero = el('i', 'zero'), whole = el('i', 'whole');
      fill.style.left = place(Math.min(0, share));
      fill.style.width = `${(Math.abs(share) / (high - low)) * 100}%`;
      zero.style.left = place(0);
      whole.style.left = place(1);
      box.append(whole, fill, zero);
      return box;
    };
    const name = (label, about) => {
      const box = el('div', 'nm');
      box.append(el('b', '', label));
      if (about) box.append(el('span', '', about));
      return box;
    };
    const page = named(el('div', 'page'), 'table', head.alt);
    const formula = el('div', 'formula', head.formula), figure = el('div', 'figure');
    page.append(line('hd', el('div', '', 'term'), el('div', 'num wr', 'length, as added'), el('div', 'num', 'as it arrives'), el('div', 'ax', head.axis), el('div', 'num')));
    page.lastChild.querySelectorAll('[role=cell]').forEach((cell) => cell.setAttribute('role', 'columnheader'));
    for (const row of rows) {
      if (row.type === 'norm') {
        const rule = el('div', 'rule', row.label);
        page.append(line('norm', rule, el('div', 'num', row.text)));
      } else if (row.type === 'term') {
        page.append(line(`term ${row.kind}`, name(row.label, row.about), el('div', 'num wr', row.written), el('div', 'num', row.arrives), bar(row.share, row.kind), el('div', 'num sh', row.text)));
      } else {
        const part = el('div', 'nm part'), plain = row.role === 'head' || row.role === 'rest', what = plain ? el('span', 'plain', row.label) : tile(row.label, row.role);
        what.dir = 'auto';
        if (row.position !== null) part.append(el('span', 'pos', String(row.position)));
        part.append(what);
        page.append(line('part', part, el('div', 'num wr'), el('div', 'num', row.arrives), bar(row.share, 'read'), el('div', 'num sh', row.text)));
      }
    }
    page.append(line('sum', name(total.label, total.about), el('div', 'num wr'), el('div', 'num', total.arrives), bar(1, 'total'), el('div', 'num sh', total.text)));
    figure.append(formula, page);
    root.replaceChildren(figure, saveButton(() => savePicture(root, figure, head.file)));
  }
}

export default mounted(Terms);
