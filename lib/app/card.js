// A card of the page on screen, 1200 x 630: what its first sentence is under, that sentence, and the learner's text.
const [WIDE, HIGH] = [1200, 630];
const PICTURES = '[data-testid="stPlotlyChart"],[data-testid^="stBidiComponent"]', HEADLINES = '[class*="st-key-headline_"] h2';
const SENTENCES = '[class*="st-key-says_"] p';

const before = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
const inside = (what) => [...document.querySelectorAll(`[data-testid="stMainBlockContainer"] :is(${what})`)].filter((each) => each.getBoundingClientRect().height > 12);

// the first sentence that stands under a picture, with that picture and what stands above it
const found = () => {
  const pictures = inside(PICTURES).filter((each) => each.getBoundingClientRect().height > 60), title = document.querySelector('h1');
  for (const sentence of inside(SENTENCES)) {
    const picture = pictures.findLast((each) => before(each, sentence));
    if (picture) return { picture, sentence: sentence.innerText, headline: (inside(HEADLINES).findLast((each) => before(each, picture)) ?? title).innerText };
  }
  return null;
};

// a figure of Plotly is layers of SVG with their styles in them; a component knows how it is drawn by its own rules
const photographed = async (root, picture) => {
  const own = picture.shadowRoot?.querySelector('.root') ?? [...picture.querySelectorAll('*')].find((each) => each.shadowRoot)?.shadowRoot.querySelector('.root');
  if (own) {
    const drawn = [...own.children].reduce((most, each) => (each.clientHeight > most.clientHeight ? each : most));
    drawn.classList.add('on-card');                              // it is copied at once, so nobody sees it like this
    const made = photograph(own, drawn);
    drawn.classList.remove('on-card');
    return made;
  }
  const layers = [...picture.querySelectorAll('.main-svg')], holder = el('div', 'layers'), { width, height } = layers[0].getBoundingClientRect();
  holder.style.cssText = `width:${width}px;height:${height}px`;
  holder.append(...layers.map((each) => each.cloneNode(true)));
  return photograph(root, holder, { width, height });
};

const card = (head, { headline, sentence }, canvas) => {
  const image = new Image(), text = el('p', 'text', head.text);
  image.src = canvas.toDataURL();
  const made = el('article', canvas.width > 2 * canvas.height ? 'wide' : 'tall');
  text.dir = 'auto';
  const seat = el('footer');
  seat.append(el('b', 'first', head.first), text, el('span', 'more', head.more), el('b', 'last', head.last));
  made.append(el('p', 'kicker', head.step), el('h1', '', headline), image, el('p', 'sentence', sentence), seat);
  return made;
};

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector('.root'), shown = el('div'), told = named(el('p', 'told'), 'status', '');
  const save = async () => {
    const what = found();
    if (!what) {
      told.textContent = 'There is no picture on this page yet.';
      return;
    }
    const whole = card(data, what, await photographed(root, what.picture));
    await whole.querySelector('img').decode();
    const made = (await photograph(root, whole, { width: WIDE, height: HIGH, edge: 0, sharp: 1 })).toDataURL('image/png');
    const image = Object.assign(new Image(), { src: made, alt: [data.step, what.headline, what.sentence, data.text, data.more].filter(Boolean).join('\n') });
    told.textContent = '';
    shown.replaceChildren(image);
    download(made, data.file);
  };
  root.replaceChildren(button('make', 'Save a picture of this page', save), told, shown);
}
