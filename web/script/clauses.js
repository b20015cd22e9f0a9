// Keys of the policy page: j and k go between clauses, Enter opens why a clause stands as it does.

const off = "vaern.keys.off";

// watchClauses listens for the keys. A checkbox marked data-keys turns them off and remembers it, since a single
// letter can be said by accident by a person who speaks to the machine (WCAG 2.1.4). Its label is written hidden, since
// without script there are no keys to turn off.
export function watchClauses() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (event.key === "Enter") return toggle(event);
    if (localStorage.getItem(off)) return;
    const key = event.key.toLowerCase(); // Caps Lock says J
    if (key === "j") step(event, 1);
    if (key === "k") step(event, -1);
  });
  for (const box of document.querySelectorAll("input[data-keys]")) {
    box.closest("label").hidden = false;
    box.checked = !localStorage.getItem(off);
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1")));
  }
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function step(event, by) {
  const clauses = [...document.querySelectorAll(".clause")].filter((clause) => clause.checkVisibility());
  if (clauses.length === 0) return;
  event.preventDefault();
  const current = document.activeElement?.closest(".clause") ?? document.querySelector(".clause:target");
  const from = clauses.indexOf(current);
  const to = from < 0 ? 0 : Math.min(Math.max(from + by, 0), clauses.length - 1);
  clauses[to].tabIndex = -1;
  clauses[to].focus({ preventScroll: true });
  clauses[to].scrollIntoView({ block: "nearest" });
}

// toggle acts only on the clause itself: Enter on a link or a button inside keeps its own meaning.
function toggle(event) {
  if (!event.target.matches?.(".clause")) return;
  const details = event.target.querySelector(":scope > details");
  if (!details) return;
  event.preventDefault();
  details.open = !details.open;
}
