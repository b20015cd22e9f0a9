// Drafts in the browser's storage, under the person who wrote them.

const prefix = "vaern.draft:";
const lifetime = 14 * 24 * 60 * 60 * 1000;

const mine = () => `${prefix}${document.documentElement.dataset.person ?? ""}:`;

// load gives the draft {at, version, values}, or null.
export function load(name) {
  return parse(localStorage.getItem(mine() + name));
}

// save keeps the draft if there is room; a full storage must not stop the person from writing.
export function save(name, draft) {
  try {
    localStorage.setItem(mine() + name, JSON.stringify(draft));
  } catch (problem) {
    if (problem.name !== "QuotaExceededError") throw problem;
  }
}

export function clear(name) {
  localStorage.removeItem(mine() + name);
}

// clearAll forgets every draft of the person who signs out.
export function clearAll() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(mine())) localStorage.removeItem(key);
}

// purge forgets drafts, whosever they are, that nobody has touched for two weeks.
export function purge(now) {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(prefix)) continue;
    if (!(now - parse(localStorage.getItem(key))?.at < lifetime)) localStorage.removeItem(key);
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
