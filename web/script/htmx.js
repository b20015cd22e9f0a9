// htmx with our settings: nothing that a strict content policy forbids, nothing kept in the browser.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  // htmx would write a style element and evaluate strings; both are forbidden on our pages.
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  // Pages may be confidential: going back asks the server again instead of reading a copy in the browser.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  // A refused form (409, 422) comes back as a page with its fields marked, and is shown like any other answer.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});
