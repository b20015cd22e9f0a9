// The style and the scripts, on a page that has every part of them, under the real content policy.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mkdtemp, rm } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keys, noConsoleErrors, noExternalRequests, open, promises, root, shot, widths } from "./harness.mjs";

let world, folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "vaern-page-"));
  execFileSync("go", ["build", "-o", join(folder, "page"), "./test/browser/page"], { cwd: root, stdio: "inherit" });
  world = await open([join(folder, "page")]);
});

after(async () => {
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("style", () => {
  for (const width of widths) {
    for (const dark of [false, true]) {
      const name = `parts-${width}${dark ? "-dark" : ""}`;
      test(`has no fault at ${width} px${dark ? ", dark" : ""}`, async () => {
        const page = await world.visit("/", { width, dark });
        await page.waitForSelector(".editor");
        await promises(page);
        await shot(page, name);
      });
    }
  }

  test("brings its own typeface, and of it only the Danish part", async () => {
    const page = await world.visit("/");
    const loaded = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((font) => font.status === "loaded").map((font) => `${font.family} ${font.unicodeRange.slice(0, 9)}`);
    });
    assert.ok(loaded.length > 0, "no font was loaded");
    assert.deepEqual([...new Set(loaded)], ['IBM Plex Sans U+20-7E, ']);
  });

  test("draws a mark from the sprite in the colour of its word, in light, dark and print", async () => {
    const page = await world.visit("/");
    const [light, dark, print] = [await markColour(page, "#met"), await inScheme(page, { colorScheme: "dark" }), await inScheme(page, { media: "print" })];
    assert.deepEqual([light, dark, print], ["27,107,60", "127,206,157", "18,80,44"]);
  });

  test("lets the tick of the shield take the colour of the page", async () => {
    const page = await world.visit("/", { dark: true });
    const colours = await coloursOf(page, ".brand .icon");
    assert.ok(colours.includes("147,205,232"), "the shield has not the accent");
    assert.ok(colours.includes("20,24,27"), "the tick has not the paper");
  });
});

describe("menu", () => {
  test("opens on a phone without script", async () => {
    const page = await world.visit("/", { width: 320, script: false });
    assert.equal(await page.isVisible("#menu"), false);
    await page.click(".menubtn");
    assert.equal(await page.isVisible("#menu"), true);
  });

  test("closes by Escape, and when a link in it is followed", async () => {
    const page = await world.visit("/", { width: 320 });
    await page.click(".menubtn");
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible("#menu"), false);
    await page.click(".menubtn");
    await page.click('#menu a[href="#s-1"]');
    assert.equal(await page.isVisible("#menu"), false);
  });

  test("of the person closes by Escape and gives the focus back", async () => {
    const page = await world.visit("/");
    await page.click(".who summary");
    await page.focus(".who a");
    assert.equal((await keys(page, "Escape")).tag, "summary");
    assert.equal(await page.isVisible(".who a"), false);
  });
});

describe("clauses", () => {
  test("are walked by j and k and opened by Enter", async () => {
    const page = await world.visit("/");
    assert.equal((await keys(page, "j")).id, "s-1-1");
    assert.equal((await keys(page, "j", "j")).id, "s-1-2");
    assert.equal((await keys(page, "k")).id, "s-1-1");
    await keys(page, "Enter");
    assert.equal(await page.isVisible("#s-1-1 .why"), true);
    await keys(page, "Enter");
    assert.equal(await page.isVisible("#s-1-1 .why"), false);
  });

  test("leave the letters alone while a person writes", async () => {
    const page = await world.visit("/");
    await page.focus("#title");
    assert.equal((await keys(page, "j", "k")).id, "title");
    assert.equal(await page.inputValue("#title"), "jk");
  });

  test("leave the letters alone when the person has turned them off, also on the next visit", async () => {
    const page = await world.visit("/");
    await page.uncheck("#keys");
    await page.reload();
    assert.equal(await page.isChecked("#keys"), false);
    assert.equal((await keys(page, "j")).tag, "body");
  });
});

describe("draft", () => {
  const write = async (page, title) => {
    await page.fill("#title", title);
    await page.selectOption("#level", "Regel");
    await page.check("#public");
    await page.waitForFunction((text) => JSON.stringify(localStorage).includes(text), title);
  };
  const held = async (page) => [await page.inputValue("#title"), await page.inputValue("#level"), await page.isChecked("#public")];

  test("survives a closed page and says so", async () => {
    const page = await world.visit("/");
    await write(page, "Nødplan");
    await page.reload();
    assert.deepEqual(await held(page), ["Nødplan", "Regel", true]);
    assert.match(await page.textContent(".draft"), /Vi har hentet din kladde fra \d{1,2}\.\d{1,2}\.\d{4} kl\. \d\d\.\d\d\. Den er ikke gemt endnu/);
    await promises(page);
  });

  test("speaks English on an English page", async () => {
    const page = await world.visit("/?lang=en", { lang: "en" });
    await write(page, "Plan");
    await page.reload();
    assert.match(await page.textContent(".draft"), /We have restored your draft/);
  });

  for (const answer of ["refused", "expired", "broken"]) {
    test(`survives a form that was ${answer}`, async () => {
      const page = await world.visit("/");
      await write(page, "Nødplan");
      await Promise.all([page.waitForNavigation(), page.click(`button[value="${answer}"]`)]);
      await page.goto("/");
      assert.deepEqual(await held(page), ["Nødplan", "Regel", true]);
    });
  }

  test("is gone when the server has stored the form", async () => {
    const page = await world.visit("/");
    await write(page, "Nødplan");
    await page.click('button[value="stored"]');
    await page.waitForURL("**/saved");
    await page.goto("/");
    assert.deepEqual(await held(page), ["", "Politik", false]);
    assert.equal(await page.locator(".draft").count(), 0);
  });

  test("is gone when the person throws it away", async () => {
    const page = await world.visit("/");
    await write(page, "Nødplan");
    await page.reload();
    await page.click("text=Smid kladden væk");
    assert.deepEqual(await held(page), ["", "Politik", false]);
    await page.reload();
    assert.equal(await page.locator(".draft").count(), 0);
  });

  test("never overwrites unseen what others have changed since", async () => {
    const page = await world.visit("/?version=1");
    await write(page, "Nødplan");
    await page.goto("/?version=2");
    assert.equal(await page.inputValue("#title"), "");
    assert.match(await page.textContent(".draft"), /ændret af andre/);
    await page.click("text=Hent kladden alligevel");
    assert.equal(await page.inputValue("#title"), "Nødplan");
  });

  test("keeps no hidden field", async () => {
    const page = await world.visit("/");
    await write(page, "Nødplan");
    assert.doesNotMatch(await page.evaluate(() => JSON.stringify(localStorage)), /hemmelig/);
  });

  test("of one person is not shown to another", async () => {
    const page = await world.visit("/");
    await write(page, "Nødplan");
    await page.route("/", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('data-person="p1"', 'data-person="p2"') });
    });
    await page.reload();
    assert.equal(await page.inputValue("#title"), "");
  });
});

describe("editor", () => {
  const textOf = (page) => page.evaluate(() => new FormData(document.querySelector("form[data-draft]")).get("text"));
  const ready = async (query = "") => {
    const page = await world.visit(`/${query}`);
    await page.waitForSelector(".editor-text");
    return page;
  };

  test("sends back a text that is only opened byte for byte", async () => {
    const text = "Linje et\nlinje to\n\n* punkt\n* punkt to\n";
    const page = await ready(`?text=${encodeURIComponent(text)}`);
    assert.equal(await textOf(page), text);
  });

  test("writes Markdown from the toolbar, with the page's own word for a tool", async () => {
    const page = await ready("?text=");
    await page.click(".editor-text");
    await page.click("text=Underoverskrift");
    await page.keyboard.type("Ansvar");
    await page.keyboard.press("Enter");
    await page.click("text=Punkter");
    await page.keyboard.type("læs ");
    await page.click('button:text-is("Fed skrift")');
    await page.keyboard.type("grundigt");
    assert.equal(await textOf(page), "### Ansvar\n\n- læs **grundigt**\n");
    await page.click("text=Fortryd");
    await page.click("text=Gentag");
    assert.match(await textOf(page), /\*\*grundigt\*\*/);
    noConsoleErrors(page);
  });

  test("keeps æøå, numbers, links, quotes and code through a change", async () => {
    const text = "Æbler, øl og å.\n\n1. *en*\n2. to `kode`\n\n> Citat\n\n[lov](https://example.org/a?b=1&c=2) 3 < 4 & 5 > 2 * 2 * 2\n";
    const page = await ready(`?text=${encodeURIComponent(text)}`);
    await page.click(".editor-text");
    await keys(page, "Control+End");
    await page.keyboard.type(" slut");
    const written = (await textOf(page)).replaceAll("\n", "\n");
    for (const part of ["Æbler, øl og å.", "1. *en*", "2. to `kode`", "> Citat", "[lov](https://example.org/a?b=1&c=2)", "slut"]) {
      assert.ok(written.includes(part), `${part} is lost in ${written}`);
    }
  });

  for (const [what, text] of [["a table", "| Rolle | Navn |\n| --- | --- |\n| Ejer | Anna |\n"], ["a picture", "Se ![kort](kort.png) her\n"]]) {
    test(`leaves a text with ${what} to the plain field, since it could not hold it whole`, async () => {
      const page = await world.visit(`/?text=${encodeURIComponent(text)}`);
      await page.waitForLoadState("networkidle");
      assert.equal(await page.locator(".editor").count(), 0);
      assert.equal(await page.isVisible("#text"), true);
      assert.equal(await textOf(page), text);
      noConsoleErrors(page);
    });
  }

  test("takes pasted text with foreign style without breaking the content policy", async () => {
    const page = await ready("?text=");
    await page.click(".editor-text");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData("text/html", '<p style="color:red">Rød <b style="font-weight:bold">fed</b></p><script>alert(1)</script>');
      document.querySelector(".editor-text").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    assert.equal(await textOf(page), "Rød **fed**\n");
    noConsoleErrors(page);
  });

  test("is named by its label and is left by Tab", async () => {
    const page = await ready();
    const box = page.getByRole("textbox", { name: "Tekst" });
    await page.click('label[for="text"]');
    assert.equal(await box.evaluate((element) => element === document.activeElement), true);
    assert.equal((await keys(page, "Tab")).text, "Gem");
    await box.focus();
    assert.equal((await keys(page, "Shift+Tab")).text, "Fed skrift");
    assert.equal((await keys(page, "ArrowRight", "ArrowRight")).text, "Overskrift");
  });

  test("opens on the restored draft", async () => {
    const page = await ready();
    await page.click(".editor-text");
    await keys(page, "Control+End");
    await page.keyboard.type(" Kladde.");
    await page.waitForFunction(() => JSON.stringify(localStorage).includes("Kladde."));
    await page.reload();
    await page.waitForSelector(".editor-text");
    assert.match(await page.textContent(".editor-text"), /Kladde\./);
    await page.click("text=Smid kladden væk");
    assert.doesNotMatch(await page.textContent(".editor-text"), /Kladde\./);
    assert.equal(await textOf(page), "## Formål\n\nVi passer på det, vi har fået betroet.\n");
  });

  test("is a plain field without script", async () => {
    const page = await world.visit("/", { script: false });
    assert.equal(await page.isVisible("#text"), true);
    assert.equal(await page.locator(".editor").count(), 0);
  });

  test("is fetched only where it is needed", async () => {
    const page = await world.visit("/saved");
    await page.waitForLoadState("networkidle");
    const fetched = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
    assert.ok(fetched.some((name) => name.includes("/assets/app")), "app.js was not fetched");
    assert.ok(!fetched.some((name) => name.includes("/assets/editor")), "editor.js was fetched");
  });
});

describe("small parts", () => {
  const lit = (page) => page.evaluate(() => [...document.querySelectorAll(".lit")].map((element) => element.id));

  test("the halves of a pair light each other on hover and on focus", async () => {
    const page = await world.visit("/");
    await page.hover("#a-left");
    assert.deepEqual(await lit(page), ["a-left", "a-right"]);
    await page.hover("h1");
    assert.deepEqual(await lit(page), []);
    await page.focus("#b-left");
    assert.deepEqual(await lit(page), ["b-left", "b-right"]);
  });

  test("a dropped file lands in the field and is named", async () => {
    const page = await world.visit("/");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["politik"], "politik.txt", { type: "text/plain" }));
      document.querySelector("[data-drop] label").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    assert.equal(await page.evaluate(() => document.querySelector("#file").files[0].name), "politik.txt");
    assert.equal(await page.textContent("[data-drop] output"), "politik.txt");
  });

  test("the print button prints, and is not there without script", async () => {
    const page = await world.visit("/");
    await page.evaluate(() => { globalThis.printed = 0; globalThis.print = () => { globalThis.printed++; }; });
    await page.click("[data-print]");
    assert.equal(await page.evaluate(() => globalThis.printed), 1);
    const bare = await world.visit("/", { script: false });
    assert.equal(await bare.isVisible("[data-print]"), false);
  });

  test("htmx puts a piece in without breaking the content policy", async () => {
    const page = await world.visit("/");
    await page.click("#fetch");
    assert.equal(await page.textContent("#piece"), "Hentet");
    await page.waitForSelector(".busy:empty", { state: "attached" });
    noConsoleErrors(page);
    noExternalRequests(page);
  });

  test("waiting is told after a second, and no longer when it is over", async () => {
    const page = await world.visit("/");
    await page.evaluate(() => { // in the page: to ask from here takes a time of its own
      const bar = document.querySelector(".busy");
      globalThis.told = [];
      document.addEventListener("htmx:beforeRequest", () => { globalThis.begun = performance.now(); });
      new MutationObserver(() => globalThis.told.push([bar.textContent, performance.now() - globalThis.begun])).observe(bar, { childList: true });
    });
    await page.click("#slow");
    await page.waitForSelector("#piece");
    await page.waitForSelector(".busy:empty", { state: "attached" });
    const [[text, after], ...rest] = (await page.evaluate(() => globalThis.told)).filter(([text], i) => text || i);
    assert.equal(text, "Vent et øjeblik …");
    assert.ok(after > 990, `it is told after ${after} ms`);
    assert.deepEqual(rest.map(([text]) => text), [""]);
  });
});

async function inScheme(page, media) {
  await page.emulateMedia(media);
  return markColour(page, "#met");
}

// markColour is the colour that most of a mark has in what the browser really drew.
async function markColour(page, selector) {
  const count = {};
  for (const colour of await coloursOf(page, selector)) count[colour] = (count[colour] ?? 0) + 1;
  return Object.keys(count).reduce((most, colour) => (count[colour] > count[most] ? colour : most));
}

// coloursOf reads the pixels in the middle half of an element, where no corner of the page behind shows.
async function coloursOf(page, selector) {
  const box = await page.locator(selector).boundingBox();
  const clip = { x: box.x + box.width / 4, y: box.y + box.height / 4, width: box.width / 2, height: box.height / 2 };
  const png = (await page.screenshot({ clip, scale: "device" })).toString("base64");
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.drawImage(image, 0, 0);
    const { data: bytes } = canvas.getImageData(0, 0, image.width, image.height);
    return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.slice(at * 4, at * 4 + 3).join(","));
  }, png);
}
