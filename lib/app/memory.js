// Keeps what was found on the path in this browser, and gives it back to the page that collects it.
const NAME = 'cls-path';

const held = () => {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? '{}');
    return found && typeof found === 'object' && !Array.isArray(found) ? found : {};
  } catch { return {}; }                                         // nothing may be kept here, or it is not ours
};

export default function ({ data, setStateValue }) {
  const before = data.clear ? {} : held(), now = { ...before, ...data.found };
  try {
    if (Object.keys(now).length) localStorage.setItem(NAME, JSON.stringify(now));
    else localStorage.removeItem(NAME);
  } catch { /* a private window keeps nothing: the visit still does */ }
  document.dispatchEvent(new CustomEvent('cls-path', { detail: now }));
  const unknown = Object.keys(before).some((page) => !(page in data.found));
  if (data.ask && unknown) setStateValue('kept', JSON.stringify(before));
}
