// One beat on the screen: what belongs together is shown, everything else is away. Arrow keys and a clicker move on.
const BEGINS = 'h1,h2,.st-key-about,.st-key-guess_open,.st-key-guess_done,.st-key-answer,[class*="st-key-reveal_"],[class*="st-key-headline_"],.st-key-keep,[class*="st-key-statement_"]';
const ABOUT = '.st-key-about';
const AWAY = '.st-key-frame,.st-key-path,.st-key-complaints,.st-key-limits,.st-key-way_on,.st-key-deeper,.st-key-presenter,[class*="st-key-data_"],.st-key-checks,.st-key-guess_passed';
const FOLD = '[class*="st-key-fold_"]';
const PICTURE = '[data-testid="stPlotlyChart"],[data-testid^="stBidiComponent"],[data-testid="stIFrame"]';
const beat = (globalThis.clsBeat ??= { page: '', now: 0, last: false });

const blocks = () => [...(document.querySelector('[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"]')?.children ?? [])];
const has = (block, what) => block.matches(what) || block.querySelector(what);
const open = (block) => [...block.querySelectorAll('details')].some((each) => each.open);

// the blocks of each beat; a fold is one of its own where it was opened, and none where it is closed; what a question
// is about stays with the question
const beats = () => {
  const found = [];
  for (const block of blocks()) {
    const fold = has(block, FOLD);
    if (has(block, AWAY) && !fold && !has(block, BEGINS)) continue;
    if (fold && !open(block)) continue;
    if (!block.getBoundingClientRect().height && !block.hasAttribute('data-away')) continue;
    const asked = found.length && has(found.at(-1).at(-1), ABOUT);
    if (!found.length || fold || (has(block, BEGINS) && !asked)) found.push([]);
    found.at(-1).push(block);
  }
  return found.filter((one) => one.some((block) => block.textContent.trim() || has(block, PICTURE)));
};

// makes the pictures of a beat as small as the screen asks for; words keep their size
const fit = (shown) => {
  const pictures = shown.flatMap((block) => [...block.querySelectorAll(PICTURE)]);
  if (!pictures.length) return pictures;
  for (const each of pictures) each.style.zoom = '';
  const top = Math.min(...shown.map((block) => block.getBoundingClientRect().top));
  const all = Math.max(...shown.map((block) => block.getBoundingClientRect().bottom)) - top;
  const drawn = pictures.reduce((sum, each) => sum + each.getBoundingClientRect().height, 0);
  const room = innerHeight - top - 48 - (all - drawn);
  if (drawn > room) for (const each of pictures) each.style.zoom = String(Math.max(room / drawn, 0.35));
  return pictures;
};

const show = (count, sizes) => {
  const all = beats();
  if (!all.length) return all;
  beat.now = Math.min(beat.now, all.length - 1);
  const on = new Set(all[beat.now]);
  for (const block of blocks()) block.toggleAttribute('data-away', !on.has(block) && !has(block, '.st-key-presenter'));
  if (document.documentElement.dataset.texts) for (const block of blocks()) if (has(block, '.st-key-frame')) block.removeAttribute('data-away');
  sizes.disconnect();
  for (const each of fit(all[beat.now])) sizes.observe(each);
  count.textContent = `${beat.now + 1} of ${all.length}`;
  return all;
};

// a QR code from its rows, with sharp edges at any size
const squares = (rows) => {
  const canvas = el('canvas'), side = 8;
  canvas.width = canvas.height = rows.length * side;
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#17202c';
  rows.forEach((row, y) => [...row].forEach((dark, x) => { if (dark === '1') pen.fillRect(x * side, y * side, side, side); }));
  return canvas;
};

const writes = (event) => event.composedPath().some((each) => each.matches?.('input:not([type=radio]),textarea,select,[contenteditable=true],[role=slider],[role=grid],[role=listbox]'));

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector('.root'), bar = el('p', 'bar'), count = el('span'), notes = el('aside', 'notes', data.notes || 'No notes for this page.');
  const code = el('aside', 'code');
  code.append(squares(data.code), el('p', '', data.link.length > 90 ? `${data.link.slice(0, 90)}…` : data.link));
  bar.append(count, el('span', '', '→ next · N notes · Q code · T texts · Esc ends'));
  notes.hidden = code.hidden = true;
  root.replaceChildren(bar, notes, code);
  if (beat.page !== data.page) Object.assign(beat, { page: data.page, now: beat.last ? 1e6 : 0, last: false });
  document.documentElement.dataset.presents = 'yes';
  let waiting = 0;
  const again = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(() => show(count, sizes)); };
  // a picture draws itself when it comes on screen, and knows its height only then
  let tall = '';
  const sizes = new ResizeObserver((entries) => {
    const now = entries.map((each) => each.target.scrollHeight).join();
    if (now !== tall) { tall = now; again(); }
  });
  const runs = () => document.querySelector('.stApp')?.dataset.testScriptState === 'running';
  const move = (by) => {
    const most = beats().length - 1;
    document.activeElement?.blur?.();
    if (beat.now + by > most) {
      if (!runs() && data.after) door(data.after);
    } else if (beat.now + by < 0) {
      if (data.before !== data.page) { beat.last = true; door(data.before); }
    } else { beat.now += by; again(); }
  };
  const press = (event) => {
    const key = event.key, turns = ['PageDown', 'PageUp', 'Escape'].includes(key);
    if (event.ctrlKey || event.metaKey || event.altKey || (writes(event) && !turns)) return;
    if (key === 'PageDown' || key === 'ArrowRight' || (key === ' ' && event.target === document.body)) move(1);
    else if (key === 'PageUp' || key === 'ArrowLeft') move(-1);
    else if (key === 'Escape') document.querySelector('.st-key-present_end button')?.click();
    else if (key === 'n') notes.hidden = !notes.hidden;
    else if (key === 'q') code.hidden = !code.hidden;
    else if (key === 't') {
      if (document.documentElement.dataset.texts) delete document.documentElement.dataset.texts;
      else document.documentElement.dataset.texts = 'yes';
      again();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener('keydown', press, true);
  addEventListener('resize', again);
  const main = document.querySelector('[data-testid="stMainBlockContainer"]');
  const watch = new MutationObserver(again);
  watch.observe(main, { childList: true, subtree: true });
  again();
  return () => {
    watch.disconnect();
    sizes.disconnect();
    cancelAnimationFrame(waiting);
    document.removeEventListener('keydown', press, true);
    removeEventListener('resize', again);
    delete document.documentElement.dataset.presents;
    for (const block of blocks()) block.removeAttribute('data-away');
    for (const each of document.querySelectorAll(PICTURE)) each.style.zoom = '';
  };
}
