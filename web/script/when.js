// A field that says something for some of a choice only is written with data-when, the name of the choice, and data-is, its codes.

// watchWhen shows such a field while the choice is one of those. Without script all are there, and their hints say when they count.
export function watchWhen() {
  for (const group of document.querySelectorAll("[data-when]:not([data-watched])")) {
    const choice = group.closest("form").elements[group.dataset.when];
    const show = () => (group.hidden = !group.dataset.is.split(" ").includes(choice.value) || !choice.value);
    group.dataset.watched = "";
    choice.addEventListener("change", show);
    show();
  }
}
