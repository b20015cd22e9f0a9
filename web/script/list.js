// A list by keyboard, and how many rows are chosen. Without this file everything is links and check boxes.
export function watchLists() {
  const table = document.querySelector("table[data-rows]");
  if (!table) return;
  document.querySelectorAll(".onlyscript").forEach((e) => e.classList.remove("onlyscript"));
  const rows = [...table.tBodies[0].rows];
  const box = (row) => row.querySelector("input[name=id]");
  const counter = document.querySelector("[data-picked]");
  const said = counter?.textContent;

  function count() {
    const chosen = rows.filter((row) => box(row)?.checked);
    for (const row of rows) row.classList.toggle("picked", Boolean(box(row)?.checked));
    if (counter) counter.textContent = chosen.length ? `${chosen.length} ${counter.dataset.word}` : said;
  }
  table.addEventListener("change", count);
  count(); // the browser may have kept the choices of before

  // A click anywhere in a row opens it, but not on what has a meaning of its own, nor while text is being marked.
  table.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, label") || String(getSelection())) return;
    event.target.closest("tbody tr")?.querySelector(".title a")?.click();
  });

  let at = -1;
  function go(step) {
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    const link = rows[at]?.querySelector(".title a");
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
  }
  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("tbody tr");
    if (row) at = rows.indexOf(row);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea, select, input:not([type=checkbox]), [contenteditable]")) return;
    switch (event.key.toLowerCase()) { // Caps Lock says J
      case "j":
        go(1);
        break;
      case "k":
        go(-1);
        break;
      case "x":
        if (rows[at] && box(rows[at])) {
          box(rows[at]).checked = !box(rows[at]).checked;
          count();
        }
        break;
      case "/":
        event.preventDefault();
        document.querySelector("#q")?.focus();
        break;
    }
  });
}
