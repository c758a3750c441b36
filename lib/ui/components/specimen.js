// Enter reads the text; Shift+Enter starts another line. On a touch screen Enter stays a new line: leaving the box reads it.
export default function ({ data }) {
  if (data.go) door(data.go);
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
