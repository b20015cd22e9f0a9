// Who types @ and a part of a name in textarea[data-mention] is offered the people it may mean.
const pause = 150;
const watched = new WeakSet();

export function watchMentions() {
  for (const text of document.querySelectorAll("textarea[data-mention]")) {
    if (watched.has(text)) continue;
    watched.add(text);
    watch(text);
  }
}

function watch(text) {
  const list = document.createElement("ul");
  list.className = "namelist no-max-width";
  list.setAttribute("aria-live", "polite");
  text.after(list);
  let timer;
  text.addEventListener("input", () => {
    clearTimeout(timer);
    const words = beingTyped(text);
    if (!words) return list.replaceChildren();
    timer = setTimeout(() => offer(text, list, words), pause);
  });
}

// beingTyped is the part of a name between an @ and the caret, "" for none.
function beingTyped(text) {
  const before = text.value.slice(0, text.selectionStart);
  return /(?:^|[\s("'»,;:-])@([^@\n]{2,40})$/.exec(before)?.[1].trim() ?? "";
}

async function offer(text, list, words) {
  const answer = await fetch(`/pick/person?pick=${encodeURIComponent(words)}`, { headers: { Accept: "text/html" } });
  if (!answer.ok || beingTyped(text) !== words) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("option");
  list.replaceChildren(...[...found].slice(0, 6).map((option) => choice(text, list, option.value, option.getAttribute("label"))));
}

// choice is a person to choose, with what tells her from others: as what and where.
function choice(text, list, name, place) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "chip", textContent: place ? `${name} · ${place}` : name });
  button.addEventListener("click", () => {
    const caret = text.selectionStart;
    const at = text.value.lastIndexOf("@", caret - 1);
    text.setRangeText(`@${name} `, at, caret, "end");
    list.replaceChildren();
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
  const item = document.createElement("li");
  item.append(button);
  return item;
}
