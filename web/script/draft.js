// What a person writes in a form[data-draft] is kept in this browser until the server has stored it: an error, an
// ended session or a closed tab loses nothing. Drafts belong to one person (html[data-person]) and end after two weeks.
import { clear, clearAll, load, purge, save } from "./draft-store.js";
import { equal, fill, read } from "./draft-fields.js";
import { say, sayTime } from "./words.js";

const pause = 300;
const sent = "vaern.draft.sent";
const watched = new WeakSet();
let settled = false;

// keepDrafts restores and watches every form[data-draft] that is new in the page.
export function keepDrafts() {
  if (!settled) {
    settled = true;
    purge(Date.now());
    settleSent();
    forgetOnSignOut();
  }
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (watched.has(form)) continue;
    watched.add(form);
    watch(form);
  }
}

// settleSent drops the draft of the form that this tab sent last, when the answer shows that it was stored: a
// redirect to a page that is neither an error nor the sign-in. In doubt the draft stays. A page that keeps what was
// sent after the session ended (form[data-kept]) sends it again: the answer to that one counts.
function settleSent() {
  const name = sessionStorage.getItem(sent);
  if (name === null || document.querySelector("form[data-kept]")) return;
  sessionStorage.removeItem(sent);
  const [arrival] = performance.getEntriesByType("navigation");
  const stored = arrival.redirectCount > 0 && !(arrival.responseStatus >= 400);
  if (stored && !document.querySelector("input[type=password]")) clear(name);
}

function forgetOnSignOut() {
  document.addEventListener("submit", (event) => {
    if (event.target.action.endsWith("/sign-out")) clearAll();
  });
}

function watch(form) {
  const name = form.dataset.draft || location.pathname;
  const initial = read(form);
  const answered = "answered" in form.dataset; // it came back with what the person typed and what is wrong
  let timer;
  const keep = () => {
    clearTimeout(timer);
    timer = undefined;
    const values = read(form);
    if (equal(values, initial) && !answered) return clear(name);
    save(name, { at: Date.now(), version: versionOf(form), values });
  };
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  addEventListener("pagehide", () => { if (timer) keep(); });
  form.addEventListener("submit", () => {
    keep();
    sessionStorage.setItem(sent, name);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === form && event.detail.successful) clear(name);
  });
  if (answered) keep();
  else restore(form, name, initial);
}

// restore puts the draft back. Where the record has changed since, the person decides: nobody's text is overwritten unseen.
function restore(form, name, initial) {
  const draft = load(name);
  if (!draft || equal(draft.values, initial)) return;
  const discard = [say("discard"), () => {
    clear(name);
    fill(form, initial);
    notice(form);
  }];
  const use = () => {
    fill(form, draft.values);
    notice(form, say("restored", { when: sayTime(draft.at) }), discard);
  };
  if (draft.version === versionOf(form)) return use();
  notice(form, say("outdated", { when: sayTime(draft.at) }), [say("fetch"), use], discard);
}

const versionOf = (form) => form.dataset.version ?? form.querySelector("input[name=version]")?.value ?? "";

// notice replaces the form's draft notice; without text it is taken away.
function notice(form, text, ...choices) {
  form.querySelector(":scope > .draft")?.remove();
  if (!text) return;
  const box = document.createElement("div");
  box.className = "notice draft";
  box.setAttribute("role", "status");
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line);
  for (const [label, act] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "textbtn";
    button.textContent = label;
    button.addEventListener("click", act);
    box.append(button);
  }
  form.prepend(box);
}
