// Everything a person may see, by a word of it: while typing, by keyboard, without script, and when it is misspelled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keys, promises, shot } from "./harness.mjs";
import { coordinator, employee, textOf } from "./nordkyst.mjs";

export function searching(town) {
  test("a part of a compound finds it, with the word marked", async () => {
    const page = await town().visit("/search?q=aftale", { as: employee });
    const marks = await page.locator(".hits mark").allInnerTexts();
    assert.ok(marks.some((word) => /databehandleraftale/i.test(word)), `marked: ${marks}`);
    await promises(page);
    await shot(page, "search");
  });

  test("a sentence that is found leads to its place in the document", async () => {
    const page = await town().visit("/search?q=aftale&kind=clause", { as: employee });
    await page.locator(".hits a").first().click();
    await page.waitForURL("**/edition/*#c-*");
    const place = page.locator(decodeURIComponent(new URL(page.url()).hash).replaceAll(".", "\\."));
    assert.match(await place.innerText(), /aftal/i);
    await promises(page);
  });

  test("suggestions come while typing; the keyboard goes through them and back", async () => {
    const page = await town().visit("/", { as: coordinator });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("tilsyn", { delay: 20 });
    await page.locator('#suggest a[href$="q=tilsyn"]').waitFor(); // for all of the word: what comes later takes the focus with it
    const down = await keys(page, "ArrowDown");
    assert.equal(down.tag, "a");
    assert.match(await textOf(page, "#suggested"), /resultat/);
    await promises(page);
    assert.equal((await keys(page, "ArrowUp")).id, "find");
    await keys(page, "ArrowDown");
    assert.equal((await keys(page, "Escape")).id, "find");
    assert.equal(await page.locator("#suggest a").count(), 0);
    await page.keyboard.press("Enter"); // leaves the page: there is no focus to ask about
    await page.waitForURL("**/search?q=tilsyn");
  });

  test("the page follows what is typed, and its address does too", async () => {
    const page = await town().visit("/search", { as: coordinator });
    await page.focus("#q");
    await page.keyboard.type("beredskab", { delay: 20 });
    await page.locator(".hits mark").first().waitFor();
    await page.waitForURL("**/search?q=beredskab");
    assert.match(await textOf(page, "#tally"), /resultater/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await promises(page);
  });

  test("a slip of the pen gets a proposal", async () => {
    const page = await town().visit("/search?q=databehanlder", { as: employee });
    await page.click("#hits .lead a");
    await page.waitForURL(/q=databehandler/);
    assert.ok((await page.locator(".hits mark").count()) > 0);
  });

  test("all of it works without script", async () => {
    const page = await town().visit("/", { as: employee, script: false });
    await page.fill("#find", "aftale");
    await page.press("#find", "Enter");
    await page.waitForURL("**/search?q=aftale");
    await page.locator("a.chip").first().click();
    await page.waitForURL("**kind=**");
    assert.ok((await page.locator(".hits li").count()) > 0);
  });

  test("an employee finds no sentence of a draft", async () => {
    const page = await town().visit("/search?q=uddannelse", { as: coordinator });
    assert.ok((await page.locator('a.chip[href*="draft_clause"]').count()) > 0, "the coordinator finds drafts");
    const other = await town().visit("/search?q=uddannelse", { as: employee });
    assert.equal(await other.locator('a.chip[href*="draft_clause"]').count(), 0);
  });
}
