// What this browser keeps of the path, by page; nothing where it may keep nothing, or where it is not ours.
const KEPT = 'cls-path';

const kept = () => {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? '{}');
    return found && typeof found === 'object' && !Array.isArray(found) ? found : {};
  } catch { return {}; }
};
