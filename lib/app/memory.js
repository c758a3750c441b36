// Keeps what was found on the path in this browser, and gives it back to the page that collects it.
export default function ({ data, setStateValue }) {
  const before = data.clear ? {} : kept(), now = { ...before, ...data.found };
  try {
    if (Object.keys(now).length) localStorage.setItem(KEPT, JSON.stringify(now));
    else localStorage.removeItem(KEPT);
  } catch { /* a private window keeps nothing: the visit still does */ }
  document.dispatchEvent(new CustomEvent('cls-path', { detail: now }));
  const unknown = Object.keys(before).some((page) => !(page in data.found));
  if (data.ask && unknown) setStateValue('kept', JSON.stringify(before));
}
