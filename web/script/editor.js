// A Markdown editor on textarea[data-editor]. The textarea stays the form's value and is the way without script.
import { Editor } from "@tiptap/core";
import { Markdown } from "@tiptap/markdown";
import StarterKit from "@tiptap/starter-kit";
import { addTools } from "./editor-tools.js";

const opened = new WeakSet();

// openEditors puts an editor on every textarea[data-editor] that is new in the page.
export function openEditors() {
  for (const textarea of document.querySelectorAll("textarea[data-editor]")) {
    if (opened.has(textarea)) continue;
    opened.add(textarea);
    open(textarea);
  }
}

function open(textarea) {
  const frame = document.createElement("div");
  frame.className = "editor";
  const editor = new Editor({
    element: frame,
    extensions: [StarterKit.configure({ underline: false, link: { openOnClick: false } }), Markdown],
    content: textarea.value,
    contentType: "markdown",
    injectCSS: false,
    editorProps: { attributes: attributes(textarea), transformPastedHTML: withoutStyle },
  });
  if (!keepsWords(textarea.value, markdownOf(editor))) return editor.destroy();
  addTools(frame, editor, textarea);
  stepAside(textarea, editor);
  textarea.before(frame);
  follow(textarea, editor);
}

// keepsWords tells whether the editor has understood the whole text, line by line. A table, say, it would flatten;
// then the plain textarea is the better editor, since a text must never lose anything by being opened.
function keepsWords(before, after) {
  const letters = (line) => line.replace(/&[a-z]+;/g, "").replace(/[^\p{L}\p{N}|]/gu, "");
  const lines = (text) => text.split("\n").map(letters).filter(Boolean).join("\n");
  return lines(before) === lines(after);
}

// markdownOf ends the text with one line end; the editor always keeps an empty paragraph to write on in.
function markdownOf(editor) {
  const text = editor.getMarkdown().trimEnd();
  return text && `${text}\n`;
}

// withoutStyle takes foreign style out of what is pasted: Markdown has none, and the content policy would report it.
function withoutStyle(html) {
  return html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");
}

// attributes gives the editor the textarea's name, description and id, so that labels and error links still lead to it.
function attributes(textarea) {
  const label = textarea.labels[0];
  if (label) label.id ||= `${textarea.id}-label`;
  return {
    class: "editor-text prose",
    id: textarea.id,
    role: "textbox",
    "aria-multiline": "true",
    ...(label && { "aria-labelledby": label.id }),
    ...pick(textarea, ["aria-describedby", "aria-invalid", "aria-required", "lang"]),
    ...(textarea.required && { "aria-required": "true" }),
  };
}

function pick(element, names) {
  return Object.fromEntries(names.filter((name) => element.hasAttribute(name)).map((name) => [name, element.getAttribute(name)]));
}

function stepAside(textarea, editor) {
  for (const label of textarea.labels) label.addEventListener("click", () => editor.view.focus());
  textarea.id += "-markdown";
  textarea.hidden = true;
  // A hidden required field would stop the form without a word; the server checks it in words.
  textarea.required = false;
}

// follow writes to the textarea only what the person changes: a text that is merely opened is sent back byte for byte.
function follow(textarea, editor) {
  let given = textarea.value;
  let untouched = markdownOf(editor);
  editor.on("update", () => {
    const text = markdownOf(editor);
    textarea.value = text === untouched ? given : text;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
  textarea.form?.addEventListener("draft:filled", () => {
    given = textarea.value;
    editor.commands.setContent(given, { contentType: "markdown", emitUpdate: false });
    untouched = markdownOf(editor);
  });
}
