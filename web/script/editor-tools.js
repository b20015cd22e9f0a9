// The editor's toolbar: words rather than signs, one stop for Tab, arrows between the buttons.
import { say } from "./words.js";

// Each tool: what it does to the chain of commands, and when it is on.
const tools = {
  bold: [(run) => run.toggleBold(), (editor) => editor.isActive("bold")],
  italic: [(run) => run.toggleItalic(), (editor) => editor.isActive("italic")],
  h2: [(run) => run.toggleHeading({ level: 2 }), (editor) => editor.isActive("heading", { level: 2 })],
  h3: [(run) => run.toggleHeading({ level: 3 }), (editor) => editor.isActive("heading", { level: 3 })],
  bullet: [(run) => run.toggleBulletList(), (editor) => editor.isActive("bulletList")],
  numbered: [(run) => run.toggleOrderedList(), (editor) => editor.isActive("orderedList")],
  undo: [(run) => run.undo()],
  redo: [(run) => run.redo()],
};

// addTools puts the toolbar above the text. Labels come from the textarea's data-bold, data-italic …, else from the page's language.
export function addTools(frame, editor, textarea) {
  const bar = document.createElement("div");
  bar.className = "editor-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-controls", textarea.id);
  bar.setAttribute("aria-label", textarea.dataset.tools ?? say("tools"));
  for (const [name, [act]] of Object.entries(tools)) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.tool = name;
    button.textContent = textarea.dataset[name] ?? say(name);
    // The text keeps its selection while the pointer presses a tool.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => act(editor.chain().focus()).run());
    bar.append(button);
  }
  rove(bar);
  frame.prepend(bar);
  const refresh = () => show(bar, editor);
  editor.on("transaction", refresh);
  refresh();
}

function show(bar, editor) {
  for (const button of bar.children) {
    const [act, isOn] = tools[button.dataset.tool];
    if (isOn) button.setAttribute("aria-pressed", String(isOn(editor)));
    // aria-disabled rather than disabled: a button that has the focus must not lose it.
    else button.setAttribute("aria-disabled", String(!act(editor.can().chain()).run()));
  }
}

function rove(bar) {
  const buttons = [...bar.children];
  const stop = (chosen) => buttons.forEach((button) => { button.tabIndex = button === chosen ? 0 : -1; });
  stop(buttons[0]);
  bar.addEventListener("focusin", (event) => stop(event.target));
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
}
