// Enter reads the text; Shift+Enter starts another line. On a touch screen Enter stays a new line: leaving the box reads it.
// What Python writes into the address becomes an entry of the browser's history, but for further changes of one control:
// ten steps of a slider are one way back. A page that was opened by a link has an entry without a query: it gets its own.
const entries = {
  made: '',                                                    // what the present entry was made for
  wrap() {
    const push = history.pushState, replace = history.replaceState;
    history.pushState = (state, title, url) => {
      const now = new URL(location.href), next = new URL(url, now), moved = now.pathname !== next.pathname;
      const names = new Set([...now.searchParams.keys(), ...next.searchParams.keys()]);
      const changed = [...names].filter((name) => now.searchParams.get(name) !== next.searchParams.get(name)).join();
      const again = !moved && (!changed || (changed === this.made && changed.includes('_')));
      (again ? replace : push).call(history, state, title, url);
      this.made = moved ? 'page' : changed;
    };
    addEventListener('popstate', () => { this.made = ''; });
    return this;
  },
  open(query) {
    const asked = new URLSearchParams(location.search).has('page');  // by a link to the root, and it has done its work
    if (this.made === 'page' || asked) history.replaceState(history.state, '', location.pathname + (query && `?${query}`));
    this.made = '';
  },
};

export default function ({ data }) {
  (history.cls ??= entries.wrap()).open(data.query);
  // "Copy link" copies at the click itself, as browsers want it; without https they have no clipboard, but an old command
  const tell = (copied) => { document.documentElement.dataset.copied = copied ? 'yes' : 'no'; };
  const older = (link) => {
    const box = Object.assign(document.createElement('textarea'), { value: link });
    const before = document.activeElement;
    document.body.append(box);
    box.select();
    const copied = document.execCommand('copy');
    box.remove();
    before?.focus();
    return copied;
  };
  const copy = (event) => {
    const link = document.querySelector('.st-key-address')?.textContent.trim();
    if (!link || !event.target.closest?.('.st-key-link button')) return;
    if (isSecureContext && navigator.clipboard) navigator.clipboard.writeText(link).then(() => tell(true), () => tell(older(link)));
    else tell(older(link));
  };
  const read = (event) => {
    const box = event.target;
    if (!(box instanceof HTMLTextAreaElement) || !box.closest('.st-key-specimen')) return;
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (matchMedia('(pointer: coarse)').matches) return;
    event.preventDefault();
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
  };
  document.addEventListener('click', copy, true);
  document.addEventListener('keydown', read, true);
  return () => {
    document.removeEventListener('click', copy, true);
    document.removeEventListener('keydown', read, true);
  };
}
