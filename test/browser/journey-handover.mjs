// A position that nobody holds: what it owned finds an heir, and can be taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promises, shot } from "./harness.mjs";
import { coordinator, textOf } from "./nordkyst.mjs";

export function handingOver(town) {
  let page;

  test("what is without owner is shown with somebody who could take over", async () => {
    page = await town().visit("/handover", { as: coordinator });
    assert.match(await textOf(page, "main tbody"), /Ejendomschef[^]*10\s+poster/);
    await promises(page);
    await shot(page, "vacant");
    await page.click('main tbody a:text("Ejendomschef")');
    await page.waitForURL("**/position/*/handover");
    assert.notEqual(await page.inputValue("#taker"), "", "an heir is proposed");
    await promises(page);
    await shot(page, "handover");
  });

  test("handed over it is theirs, and undone it is as before", async () => {
    await page.locator('main input[name="record"]').first().uncheck();
    await page.click('main form button:text("Giv de valgte videre")');
    await page.waitForURL("**/handover/*");
    assert.match(await textOf(page, "main .lead"), /9\s+poster gik fra Ejendomschef/);
    await promises(page);
    await shot(page, "handed-over");
    await page.click('main form button:text("Fortryd overdragelsen")');
    await page.waitForSelector("text=Overdragelsen er fortrudt");
    await page.goto(new URL("/handover", page.url()).href);
    assert.match(await textOf(page, "main tbody"), /Ejendomschef[^]*10\s+poster/);
  });
}
