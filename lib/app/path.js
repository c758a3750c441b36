// The steps from the question to the answer, as a row of doors; what is done and answered is kept in this browser.
const marks = () => Object.fromEntries(Object.entries(kept()).map(([page, each]) => [page, each?.guess ? 'answered' : 'done']));

const SAYS = { answered: ', seen and answered', done: ', seen' };

const way = (word, sign, step) => {
  const button = el('button', 'way', sign);
  button.type = 'button';
  button.disabled = !step;
  if (step) {
    button.setAttribute('aria-label', `${word}: ${step[1]}`);
    button.title = step[1];
    button.onclick = () => door(step[0]);
  } else button.setAttribute('aria-label', word);
  return button;
};

const draw = (root, { steps, here, aside, known }) => {
  const at = steps.findIndex(([stem]) => stem === (aside || here)), nav = el('nav'), list = el('ol'), seen = { ...marks(), ...known };
  nav.setAttribute('aria-label', 'The path');
  steps.forEach(([stem, title], k) => {
    const item = el('li'), button = el('button', seen[stem] ?? '', String(k + 1)), now = k === at && !aside;
    button.type = 'button';
    button.title = title;
    button.setAttribute('aria-label', `Step ${k + 1}: ${title}${SAYS[seen[stem]] ?? ''}`);
    if (now) button.setAttribute('aria-current', 'step');
    if (k === at && aside) button.classList.add('beside');
    button.onclick = () => { if (!now) door(stem); };
    item.append(button);
    list.append(item);
  });
  const count = aside ? el('button', 'count', `Deeper into step ${at + 1}: back`) : el('span', 'count', `Step ${at + 1} of ${steps.length}`);
  if (aside) count.onclick = () => door(aside);
  nav.append(count, way('Previous step', '←', aside ? null : steps[at - 1]), list, way('Next step', '→', aside ? null : steps[at + 1]));
  root.replaceChildren(nav);
};

// a word that explains itself leads nowhere: a click shows what it says, and the address stays
const explain = (event) => {
  const word = event.target.closest?.('a[href^="#"][title]');
  if (!word) return;
  event.preventDefault();
  word.focus();
};

// Streamlit does not know the pages before a server's first run, and tells its first visitor that there is none at this
// address: on a page of ours that is not so
const found = (here) => {
  const told = [...document.querySelectorAll('[role="dialog"]')].find((each) => each.textContent.includes('Page not found'));
  if (told && location.pathname.endsWith(`/${here}`)) told.querySelector('button[aria-label="Close"]')?.click();
};

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector('.root'), again = () => draw(root, data);
  again();
  found(data.here);
  document.addEventListener('cls-path', again);
  document.addEventListener('click', explain, true);
  return () => {
    document.removeEventListener('cls-path', again);
    document.removeEventListener('click', explain, true);
  };
}
