// What waits for people: given, seen in the menu, put aside, handed on, done; and how often they are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promises } from "./harness.mjs";
import { coordinator, manager, textOf } from "./nordkyst.mjs";

const countOf = (page) => page.locator('nav.menu a[href="/tasks"] .count').textContent().then(Number);

export function tasks(town) {
  test("a task goes from one to another, is counted, and vanishes when it is done", async () => {
    const giver = await town().visit("/tasks/new", { as: coordinator });
    await giver.fill("#title", "Ring til leverandøren om loggen");
    await giver.fill("#who", "Susanne Krogh");
    await giver.click('main button:text("Giv opgaven")');
    await giver.waitForURL("**/tasks");
    assert.match(await giver.textContent("main"), /Givet til andre[^]*Ring til leverandøren/);
    await promises(giver);

    const page = await town().visit("/tasks", { as: manager });
    const before = await countOf(page);
    await page.click('main a:text-is("Ring til leverandøren om loggen")');
    await page.waitForURL("**/task/*");
    await promises(page);
    await page.click('summary:text("Læg den til side")');
    await page.click('main button:text("Læg til side")');
    assert.match(await textOf(page, '[role="alert"]'), /hvorfor den kan vente/);
    await page.click('main button:text-is("Udført")');
    await page.waitForURL("**/tasks");
    assert.match(await textOf(page, ".notice.done"), /Udført: Ring/);
    assert.equal(await countOf(page), before - 1);
    assert.equal(await page.locator('main a:text-is("Ring til leverandøren om loggen")').count(), 0);
    await promises(page);
  });

  test("who to give it to is asked again in plain words, and nothing typed is lost", async () => {
    const page = await town().visit("/tasks/new", { as: manager, width: 320 });
    await page.fill("#title", "Spørg");
    await page.fill("#who", "findes slet ikke");
    await page.click('main button:text("Giv opgaven")');
    assert.match(await textOf(page, '[role="alert"]'), /Ingen hedder sådan/);
    assert.equal(await page.inputValue("#title"), "Spørg");
    await promises(page);
  });

  test("a person chooses how often to get mail", async () => {
    const page = await town().visit("/me", { as: manager });
    await page.click('main a[href="/me/mail"]');
    await page.check('input[value="weekly"]');
    await page.click('main button:text("Gem valget")');
    assert.ok(await page.isChecked('input[value="weekly"]'));
    await promises(page);
  });

  test("who runs mail is told once that none is sent, and how to turn it on", async () => {
    const page = await town().visit("/tasks", { as: coordinator });
    await page.click('main .notice a[href="/mail"]');
    assert.match(await textOf(page, "main .notice"), /sender ingen mail endnu/);
    await promises(page);
  });
}
