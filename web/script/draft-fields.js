// The values of a form as plain data: {name: [value of each field of that name]}.

const skipped = new Set(["hidden", "password", "file", "submit", "button", "reset", "image", "fieldset", "output"]);

function* fields(form) {
  for (const field of form.elements) {
    if (field.name && !skipped.has(field.type) && !("nodraft" in field.dataset)) yield field;
  }
}

export function read(form) {
  const values = {};
  for (const field of fields(form)) (values[field.name] ??= []).push(get(field));
  return values;
}

// fill sets every field that values knows, and says so by the event "draft:filled" on the form.
export function fill(form, values) {
  const seen = {};
  for (const field of fields(form)) {
    const at = (seen[field.name] = (seen[field.name] ?? -1) + 1);
    const value = values[field.name]?.[at];
    if (value !== undefined) set(field, value);
  }
  form.dispatchEvent(new Event("draft:filled"));
}

export function equal(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

function get(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.type === "select-multiple") return [...field.selectedOptions].map((option) => option.value);
  return field.value;
}

function set(field, value) {
  if (field.type === "checkbox" || field.type === "radio") {
    field.checked = value;
    if (value) field.closest("details")?.setAttribute("open", ""); // what was ticked is seen
  } else if (field.type === "select-multiple") for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
}
