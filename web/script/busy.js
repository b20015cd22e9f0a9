// Tells that something takes time, but only after a second: what is quick needs no words.
import { say } from "./words.js";

const patience = 1000;
// A download starts like a new page but never leaves this one, so the word is taken away again.
const longest = 20000;

// watchBusy follows htmx's requests, and forms and links that lead to another page.
export function watchBusy() {
  let running = 0, starting, ending;
  const bar = makeBar();
  const rest = () => {
    clearTimeout(starting);
    clearTimeout(ending);
    running = 0;
    bar.textContent = "";
  };
  const start = () => {
    running++;
    if (running > 1) return;
    starting = setTimeout(() => { bar.textContent = say("busy"); }, patience);
    ending = setTimeout(rest, longest);
  };
  const end = () => { if (--running <= 0) rest(); };
  document.addEventListener("htmx:beforeRequest", start);
  document.addEventListener("htmx:afterRequest", end);
  addEventListener("submit", (event) => { if (!event.defaultPrevented) start(); });
  addEventListener("click", (event) => { if (leaves(event)) start(); });
  // A page that comes back from the browser's memory waits for nothing.
  addEventListener("pageshow", rest);
}

function makeBar() {
  const bar = document.createElement("div");
  bar.className = "busy";
  bar.setAttribute("role", "status");
  document.body.append(bar);
  return bar;
}

function leaves(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0) return false;
  if (event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.hasAttribute("download")) return false;
  return link.origin === location.origin && link.pathname + link.search !== location.pathname + location.search;
}
