// A date is typed in the page's own language, input[data-date]; a button beside it opens the browser's calendar.
import { say } from "./words.js";

const dressed = new WeakSet();

export function dressDates() {
  for (const input of document.querySelectorAll("input[data-date]")) {
    if (dressed.has(input) || !("showPicker" in HTMLInputElement.prototype)) continue;
    dressed.add(input);
    dress(input);
  }
}

function dress(input) {
  const box = document.createElement("div");
  box.className = "datepick";
  input.replaceWith(box);
  const calendar = document.createElement("input");
  Object.assign(calendar, { type: "date", tabIndex: -1, className: "sr-only" });
  calendar.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "textbtn", textContent: say("calendar") });
  const label = input.labels[0]?.textContent.trim();
  if (label) button.setAttribute("aria-label", `${say("calendar")}: ${label}`);
  button.addEventListener("click", () => {
    calendar.value = iso(input.value);
    calendar.showPicker();
  });
  calendar.addEventListener("change", () => {
    input.value = typed(calendar.value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
  box.append(input, button, calendar);
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec";

// iso reads what the person typed, as far as it is a date; the server reads more.
function iso(text) {
  const danish = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/.exec(text);
  if (danish) return `${danish[3]}-${danish[2].padStart(2, "0")}-${danish[1].padStart(2, "0")}`;
  const english = /^\s*(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\s*$/.exec(text);
  const month = english ? months.indexOf(english[2]) / 3 + 1 : 0;
  if (month >= 1) return `${english[3]}-${String(month).padStart(2, "0")}-${english[1].padStart(2, "0")}`;
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? text.trim() : "";
}

function typed(value) {
  if (!value || document.documentElement.lang.startsWith("en")) return value;
  const [year, month, day] = value.split("-");
  return `${Number(day)}.${Number(month)}.${year}`;
}
