// The menu is a popover that opens without script; this closes what a reader expects to close.

const wide = matchMedia("(min-width: 992px)");

// watchMenu closes the folded menu when the window grows, and the person's menu by Escape or a click beside it.
export function watchMenu() {
  wide.addEventListener("change", closePopover);
  document.addEventListener("click", (event) => {
    if (event.target.closest(".menu a")) closePopover();
    for (const open of document.querySelectorAll("details.who[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest?.("details.who[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

function closePopover() {
  const menu = document.querySelector(".menu[popover]");
  if (menu?.matches(":popover-open")) menu.hidePopover();
}
