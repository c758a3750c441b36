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
  const read = (event) => {
    const box = event.target;
    if (!(box instanceof HTMLTextAreaElement) || !box.closest('.st-key-specimen')) return;
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (matchMedia('(pointer: coarse)').matches) return;
    event.preventDefault();
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
  };
  document.addEventListener('keydown', read, true);
  return () => document.removeEventListener('keydown', read, true);
}
