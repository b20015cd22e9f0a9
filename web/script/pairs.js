// Side by side: elements with the same data-pair light each other when one is pointed at or holds the focus.

// watchPairs follows the pointer and the focus; what has focus stays lit while the pointer is elsewhere.
export function watchPairs() {
  let pointed, focused;
  const show = () => light(pointed ?? focused);
  document.addEventListener("pointerover", (event) => { pointed = pairOf(event.target); show(); });
  document.documentElement.addEventListener("pointerleave", () => { pointed = undefined; show(); });
  document.addEventListener("focusin", (event) => { focused = pairOf(event.target); show(); });
  document.addEventListener("focusout", () => { focused = undefined; show(); });
}

const pairOf = (element) => element.closest?.("[data-pair]")?.dataset.pair;

function light(pair) {
  for (const lit of document.querySelectorAll("[data-pair].lit")) {
    if (lit.dataset.pair !== pair) lit.classList.remove("lit");
  }
  if (pair === undefined) return;
  for (const half of document.querySelectorAll(`[data-pair="${CSS.escape(pair)}"]`)) half.classList.add("lit");
}
