// Every page of the gallery in both languages, light and dark, wide, enlarged to 200 % and on a phone: nothing must be
// scrolled sideways, no accessibility fault, no error, nobody else asked.
//   node gallery.mjs [--shots DIR] [--only WORD]
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { axe, fits, noConsoleErrors, noExternalRequests, open, root } from "./harness.mjs";

// The widths a page is looked at in; a window of 1280 at 200 % has room for 640.
const looks = [{ width: 1280 }, { width: 640, name: "200 %" }, { width: 320 }];

// gallery starts bin/vaern with every page in every state.
export const gallery = () => open([join(root, "bin/vaern"), "gallery", "--listen", "127.0.0.1:0"], { ready: "/gallery" });

// exhibits are the pages that the gallery lists in a language: {name, href}.
export async function exhibits(page, lang) {
  return page.locator(`a[data-lang="${lang}"]`).evaluateAll((links) => links.map((link) => ({ name: link.dataset.page, href: link.getAttribute("href") })));
}

// unsaid are the helps and the mistakes on a page that no field is described by. It runs in the page.
function unsaid() {
  const said = [...document.querySelectorAll("[aria-describedby]")].flatMap((field) => field.getAttribute("aria-describedby").split(/\s+/));
  return [...document.querySelectorAll("span:is(.form-hint, .form-error-message)")].filter(({ id }) => !said.includes(id)).map(({ textContent }) => textContent);
}

// look opens one exhibit in a tab of its own and answers what is wrong with it, one line each.
export async function look(world, page, { name, href }, { lang, dark, shots }) {
  const tab = await world.tab(page, href);
  const wrong = [];
  const holds = async (what, check) => {
    try {
      await check();
    } catch (problem) {
      wrong.push(`${name}, ${lang}, ${dark ? "dark" : "light"}, ${what}: ${problem.message.replaceAll(tab.url(), "it")}`);
    }
  };
  await holds("language", async () => assert.equal(await tab.getAttribute("html", "lang"), lang));
  await holds("help is read aloud with its field", async () => assert.deepEqual(await tab.evaluate(unsaid), []));
  await holds("one title", async () => assert.equal(await tab.locator("h1:not([contenteditable] *)").count(), 1));
  for (const { width, name: called = `${width} px` } of looks) {
    await tab.setViewportSize({ width, height: 800 });
    await holds(called, () => fits(tab));
    if (width !== 640) await holds(called, () => axe(tab));
    if (shots) await tab.screenshot({ path: join(shots, `${name.replaceAll(/[^a-z]+/g, "-").replaceAll(/^-|-$/g, "")}-${lang}-${dark ? "dark" : "light"}-${width}.png`), fullPage: true });
  }
  await holds("console", () => noConsoleErrors(tab));
  await holds("requests", () => noExternalRequests(tab));
  await tab.close();
  return wrong;
}

// walk looks at all exhibits that are wanted.
export async function walk(world, { langs = ["da", "en"], darks = [false, true], wanted = () => true, shots, said = () => {} } = {}) {
  const wrong = [];
  let seen = 0;
  for (const lang of langs) {
    for (const dark of darks) {
      const page = await world.visit("/gallery", { lang, dark });
      for (const exhibit of (await exhibits(page, lang)).filter(({ name }) => wanted(name))) {
        const faults = await look(world, page, exhibit, { lang, dark, shots });
        seen += 1;
        faults.forEach(said);
        wrong.push(...faults);
      }
    }
  }
  return { seen, wrong };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const after = (flag) => (process.argv.includes(flag) ? process.argv[process.argv.indexOf(flag) + 1] : undefined);
  const [shots, only] = [after("--shots"), after("--only")];
  if (shots) await mkdir(shots, { recursive: true });
  const world = await gallery();
  try {
    const { seen, wrong } = await walk(world, { shots, wanted: (name) => !only || name.includes(only), said: (fault) => console.log(fault) });
    console.log(`${seen} pages looked at, ${looks.length} widths each: ${wrong.length} faults`);
    process.exitCode = wrong.length || !seen ? 1 : 0;
  } finally {
    await world.close();
  }
}
