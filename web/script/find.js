// Search by keyboard: Ctrl+K goes to the field, the arrows to the hits and back, Escape closes the suggestions.

// watchFind looks after the field on top of the page and the one of the search page.
export function watchFind() {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      const field = [...document.querySelectorAll("[data-seek] input[type=search]")].filter((input) => input.offsetParent).at(-1);
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
      return;
    }
    const form = formOf(event.target);
    if (!form) return;
    if (event.key === "Escape" && close(form)) {
      event.preventDefault(); // which would empty the field as well
      field(form).focus();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, form);
  });
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("click", (event) => closeOthers(event.target));
}

const field = (form) => form.querySelector("input[type=search]");
const hitsOf = (form) => document.querySelector(form.dataset.seek);

// formOf is the form whose field or hits an element is in.
function formOf(element) {
  return [...document.querySelectorAll("[data-seek]")].find((form) => form.contains(element) || hitsOf(form)?.contains(element));
}

function step(event, form) {
  const places = [field(form), ...(hitsOf(form)?.querySelectorAll("li > a, p > a") ?? [])];
  const at = places.indexOf(document.activeElement);
  const next = places[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

// close empties the suggestions; the hits of the search page stay.
function close(form) {
  const list = hitsOf(form);
  if (!list?.matches(".suggest") || !list.hasChildNodes()) return false;
  list.replaceChildren();
  return true;
}

function closeOthers(element) {
  for (const form of document.querySelectorAll("[data-seek]")) {
    if (!form.contains(element)) close(form);
  }
}
