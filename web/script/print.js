// A print button is written hidden, since it can do nothing without script.

// watchPrint shows every element marked data-print and lets it print the page.
export function watchPrint() {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
}
