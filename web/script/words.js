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

// sayTime writes a moment as the pages do: 23.11.2026 kl. 14.05 or 23 Nov 2026 at 14:05.
export function sayTime(milliseconds) {
  const at = new Date(milliseconds);
  const [hour, minute] = [at.getHours(), at.getMinutes()].map((n) => String(n).padStart(2, "0"));
  if (language() === "en") return `${at.getDate()} ${at.toLocaleString("en-GB", { month: "long" }).slice(0, 3)} ${at.getFullYear()} at ${hour}:${minute}`;
  return `${at.getDate()}.${at.getMonth() + 1}.${at.getFullYear()} kl. ${hour}.${minute}`;
}
