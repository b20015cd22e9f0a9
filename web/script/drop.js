// A file may be dropped on an element marked data-drop that holds a file field; the field stays the way without script.

// watchDrops hands dropped files to the field and names them in the <output> beside it.
export function watchDrops() {
  document.addEventListener("dragover", (event) => {
    if (!document.querySelector("[data-drop]")) return;
    // A file dropped beside the zone would otherwise replace the page.
    event.preventDefault();
    mark(zoneOf(event));
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(null); });
  document.addEventListener("drop", (event) => {
    if (!document.querySelector("[data-drop]")) return;
    event.preventDefault();
    mark(null);
    const field = zoneOf(event)?.querySelector("input[type=file]");
    if (field && event.dataTransfer.files.length > 0) fill(field, event.dataTransfer.files);
  });
  document.addEventListener("change", (event) => {
    const output = event.target.closest?.("[data-drop]")?.querySelector("output");
    if (output && event.target.type === "file") output.textContent = [...event.target.files].map((file) => file.name).join(", ");
  });
}

const zoneOf = (event) => event.target.closest?.("[data-drop]");

function mark(zone) {
  for (const over of document.querySelectorAll("[data-drop].over")) {
    if (over !== zone) over.classList.remove("over");
  }
  zone?.classList.add("over");
}

function fill(field, files) {
  if (field.multiple || files.length === 1) {
    field.files = files;
  } else {
    const one = new DataTransfer();
    one.items.add(files[0]);
    field.files = one.files;
  }
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
