// A shared screen forgets whoever walked away: after a minute without touch it goes back to the beginning, and says so a
// while before, so that a slow reader can stay.

const patience = 60_000;
const warning = 20_000;

// watchScreen counts on a page marked data-forget, whose value is where to go.
export function watchScreen() {
  const mark = document.querySelector("[data-forget]");
  if (!mark) return;
  const said = document.querySelector("[data-forgetting]");
  let soon, gone;
  const stay = () => {
    clearTimeout(soon);
    clearTimeout(gone);
    if (said) said.hidden = true;
    soon = setTimeout(() => { if (said) said.hidden = false; }, patience - warning);
    gone = setTimeout(() => location.replace(mark.dataset.forget), patience);
  };
  for (const sign of ["pointerdown", "keydown", "scroll", "touchmove"]) document.addEventListener(sign, stay, { passive: true });
  stay();
}
