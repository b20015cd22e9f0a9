// What each role meets first, and that nothing it is shown is closed to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promises, shot } from "./harness.mjs";
import { answersWith, areaDirector, auditor, everybody, firstOf, manager, menuOf, systemOwner, textOf } from "./nordkyst.mjs";

export function roles(town) {
  for (const [role, as] of Object.entries(everybody)) {
    test(`${role}: a first page, and a menu without a closed door`, async () => {
      const page = await town().visit("/", { as });
      assert.match(await textOf(page, "h1"), /^(Overblik|Mit område)/);
      await promises(page);
      await shot(page, `first-${role}`);
      const menu = await menuOf(page);
      assert.ok(menu.includes("/policy") && menu.includes("/rule"), `${menu}`);
      for (const address of menu) await answersWith(page, address, 200);
    });
  }

  test("a manager meets the own area first, on a phone", async () => {
    const page = await town().visit("/", { as: manager, width: 320 });
    assert.match(await textOf(page, "h1"), /^Mit område: \S/);
    const line = page.locator(".numbers a").filter({ hasText: /\d+ mangler/ }).first();
    const [count] = (await line.locator(".detail").innerText()).match(/\d+/);
    assert.ok((await line.boundingBox()).height >= 44, "a line is large enough for a thumb");
    await promises(page);
    await line.click();
    await page.waitForURL("**/indicator/*");
    assert.equal(await page.locator('main .table.cards:has(caption:text-is("Det, der mangler")) tbody tr').count(), Number(count), "a number leads to the list behind it: of the own area");
    await promises(page);
  });

  test("a director who stands in for another meets the own area first, and the whole municipality a click away", async () => {
    const page = await town().visit("/", { as: areaDirector });
    assert.match(await textOf(page, "h1"), /^Mit område: \S/);
    await page.click('main a:text-is("Hele kommunen")');
    assert.equal(await textOf(page, "h1"), "Overblik");
    const number = page.locator(".overdue tbody a").first();
    const [count] = (await number.innerText()).match(/\d+/);
    await promises(page);
    await number.click();
    assert.equal(await textOf(page, "main p[role=status]"), `${count} passer`, "a number leads to the list behind it");
    assert.equal(await page.locator("table.list tbody tr").count(), Number(count));
    await promises(page);
  });

  test("who carries out a control finds it and opens it on a phone", async () => {
    const page = await town().visit("/", { as: systemOwner, width: 320 });
    await page.goto(await firstOf(page, "/control"));
    assert.match(await textOf(page, ".facts"), /Hvor tit/);
    await promises(page);
    await shot(page, "control-320");
  });

  test("the auditor reads everything and can change nothing", async () => {
    const page = await town().visit("/history", { as: auditor });
    assert.match(await page.locator("main").innerText(), /efterprøve/);
    // What is one's own is no change of the registers: the account, tasks to oneself, saved views.
    const menu = (await menuOf(page)).filter((address) => !["/me", "/search", "/tasks"].includes(address) && !address.includes("lang="));
    const records = [];
    for (const list of ["/rule", "/control", "/document", "/unit", "/position", "/body"]) records.push(await firstOf(page, list));
    for (const address of [...menu, ...records]) {
      await page.goto(address);
      assert.equal(await page.locator('main form[method="post"]:not([action$="/view"])').count(), 0, `a form to change something on ${address}`);
      assert.equal(await page.locator('main a:is([href$="/edit"], [href*="/edit?"], [href$="/new"], [href$="/target"])').count(), 0, `a way to change something on ${address}`);
    }
    await promises(page);
  });
}
