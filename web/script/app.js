// The entry of every page. Each part looks for its own marks in the page and does nothing where there are none.
import { watchBusy } from "./busy.js";
import { watchClauses } from "./clauses.js";
import { dressDates } from "./dates.js";
import { keepDrafts } from "./draft.js";
import { watchDrops } from "./drop.js";
import { watchFind } from "./find.js";
import { watchLists } from "./list.js";
import { watchMentions } from "./mentions.js";
import { watchMenu } from "./menu.js";
import { watchPairs } from "./pairs.js";
import { watchPrint } from "./print.js";
import { watchScreen } from "./screen.js";
import { watchWhen } from "./when.js";

watchMenu();
watchLists();
watchClauses();
watchPairs();
watchDrops();
watchFind();
watchPrint();
watchScreen();
watchBusy();
dress();
// htmx reports every piece of page it puts in.
document.addEventListener("htmx:load", dress);

// dress gives forms what they need one by one: drafts first, so that the editor opens on the restored text.
function dress() {
  keepDrafts();
  dressDates();
  watchWhen();
  watchMentions();
  if (document.querySelector("textarea[data-editor]")) {
    import("./editor.js").then(({ openEditors }) => openEditors());
  }
}
