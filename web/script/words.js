// The few words that scripts say themselves; all other words come from the page.

const words = {
  da: {
    busy: "Vent et øjeblik …",
    restored: "Vi har hentet din kladde fra {when}. Den er ikke gemt endnu.",
    outdated: "Du har en kladde fra {when}, men teksten er ændret af andre siden.",
    fetch: "Hent kladden alligevel",
    discard: "Smid kladden væk",
    bold: "Fed",
    italic: "Kursiv",
    h2: "Overskrift",
    h3: "Underoverskrift",
    bullet: "Punkter",
    numbered: "Numre",
    undo: "Fortryd",
    redo: "Gentag",
    tools: "Formatering",
    calendar: "Kalender",
  },
  en: {
    busy: "One moment …",
    restored: "We have restored your draft from {when}. It is not saved yet.",
    outdated: "You have a draft from {when}, but others have changed the text since.",
    fetch: "Use the draft anyway",
    discard: "Discard the draft",
    bold: "Bold",
    italic: "Italic",
    h2: "Heading",
    h3: "Subheading",
    bullet: "Bullets",
    numbered: "Numbers",
    undo: "Undo",
    redo: "Redo",
    tools: "Formatting",
    calendar: "Calendar",
  },
};

const language = () => (document.documentElement.lang.startsWith("en") ? "en" : "da");

// say gives the word in the language of the page, with {name} filled from values.
export function say(key, values = {}) {
  return words[language()][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// sayTime writes a moment as the page's language does: 23.11.2026 14.05 or 23/11/2026, 14:05.
export function sayTime(milliseconds) {
  const locale = language() === "en" ? "en-GB" : "da-DK";
  return new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" }).format(milliseconds);
}
