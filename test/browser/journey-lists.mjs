// A list is asked in words and by clicking, kept under a name, and changed for many at once; all of it by keyboard and without script too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, loads, promises, widths } from "./harness.mjs";
import { coordinator } from "./nordkyst.mjs";

const rows = (page) => page.locator("table[data-rows] tbody tr").count();

export function lists(town) {
  test("words become conditions that can be taken away", async () => {
    const page = await town().visit("/obligation", { as: coordinator });
    const all = await rows(page);
    await page.fill("#q", "ejer mangler eller frist overskredet");
    await loads(page, () => page.press("#q", "Enter"));
    const some = await rows(page);
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    assert.match(await page.textContent(".chip.on"), /Ejer: ingen eller Næste gennemgang før i dag/);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      await promises(page);
    }
    await loads(page, () => page.click(".chip.on"));
    assert.equal(await rows(page), all);
  });

  test("what is not understood is said, and nothing is lost", async () => {
    const page = await town().visit("/obligation", { as: coordinator });
    await page.fill("#q", "ejre er mig");
    await page.press("#q", "Enter");
    assert.match(await page.textContent("#q-error"), /Mente du »Ejer«/);
    assert.equal(await page.inputValue("#q"), "ejre er mig");
  });

  test("a condition is added by clicking, also without script", async () => {
    const page = await town().visit("/obligation", { as: coordinator, script: false });
    await page.locator(".toolbar details.pop").first().locator("> summary").click();
    await page.locator(".adders details", { hasText: "Ejer" }).first().locator("> summary").click();
    await loads(page, () => page.locator(".adders").getByRole("link", { name: "ingen" }).first().click());
    assert.match(await page.textContent(".chip.on"), /Ejer: ingen/);
    assert.ok((await rows(page)) > 0);
  });

  test("a list is kept under a name with its columns, and taken away again", async () => {
    const page = await town().visit("/obligation?filter=owner+missing&columns=reference,valid_from", { as: coordinator });
    assert.deepEqual((await page.locator("table[data-rows] thead th").allTextContents()).slice(-2), ["Kilde", "Gælder fra"]);
    await page.getByText("Visninger").click();
    await page.fill("#view-name", "Forpligtelser uden ejer");
    await loads(page, () => page.getByRole("button", { name: "Gem visning" }).click());
    assert.match(page.url(), /view=/);
    assert.match(await page.textContent(".chip.on"), /Ejer: ingen/);
    await page.getByText("Visninger:").click();
    await loads(page, () => page.getByRole("button", { name: "Slet visningen" }).click());
    await page.getByText("Visninger").click();
    assert.equal(await page.getByRole("link", { name: "Forpligtelser uden ejer" }).count(), 0);
  });

  test("the owner of several is changed after a look at what happens, and back returns to the list", async () => {
    const page = await town().visit("/obligation?filter=owner+missing", { as: coordinator });
    const before = await rows(page);
    await page.keyboard.press("J"); // as with Caps Lock
    await page.keyboard.press("X");
    assert.match(await page.textContent("[data-picked]"), /1 valgt/);
    await page.getByRole("button", { name: "Ret …" }).click();
    await page.fill("#owner", "Chefjurist");
    await page.fill("#reason", "Nogen skal se efter");
    await page.getByRole("button", { name: "Se, hvad der sker" }).click();
    assert.match(await page.textContent("main"), /Intet er ændret endnu/);
    await promises(page);
    await page.getByRole("button", { name: "Ret den ene" }).click();
    assert.match(await page.textContent(".notice[role=status]"), /1\s?post er rettet/);
    await page.getByRole("link", { name: "Tilbage til listen" }).click();
    await page.waitForLoadState();
    assert.equal(await rows(page), before - 1);
    await page.locator("table[data-rows] .title a").first().click();
    await page.goBack();
    assert.match(page.url(), /filter=owner/);
  });

  test("what unfolds over a list has room around it", async () => {
    const page = await town().visit("/obligation", { as: coordinator });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      const room = await page.locator(".popped").evaluateAll((all) => all.map((box) => [box.className, parseFloat(getComputedStyle(box).paddingLeft)]));
      assert.ok(room.length > 2, `${room.length} unfold`);
      for (const [name, padding] of room) assert.ok(padding >= 12, `${name} has ${padding} px at ${width} px`);
    }
  });

  test("a mail address is broken between its words where it does not fit", async () => {
    const page = await town().visit("/person", { as: coordinator });
    for (const width of [768, 900, 1000, 1199, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const [all, torn] = await page.locator("td.address > span").evaluateAll((cells) => {
        const lines = (text) => { const range = document.createRange(); range.selectNodeContents(text); return range.getClientRects().length; };
        return [cells.length, cells.filter((cell) => [...cell.childNodes].some((part) => part.nodeType === 3 && lines(part) > 1)).map((cell) => cell.textContent)];
      });
      assert.ok(all > 50, `${all} addresses`);
      assert.deepEqual(torn, [], `at ${width} px`);
      await fits(page);
    }
  });
}
