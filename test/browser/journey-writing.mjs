// Changing things: with a reason, without one, without script, after an interruption, and against somebody else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, loads, noExternalRequests, promises, shot } from "./harness.mjs";
import { coordinator, firstOf, textOf } from "./nordkyst.mjs";

const save = 'main form[data-draft] button.button-primary';

export function writing(town) {
  test("a goal is not changed without a reason, and nothing typed is lost", async () => {
    const page = await town().visit("/indicator/rule.owned/target", { as: coordinator });
    await page.fill("#goal", "96");
    await page.fill("#warning", "88");
    await loads(page, () => page.click(save));
    assert.equal(await page.locator('[role="alert"] a[href="#reason"]').count(), 1);
    assert.equal(await page.locator("#reason-error").count(), 1, "the error stands beside the field");
    assert.equal(await page.getAttribute("#reason", "aria-invalid"), "true");
    assert.deepEqual([await page.inputValue("#goal"), await page.inputValue("#warning")], ["96", "88"]);
    await promises(page);
  });

  test("a goal changed with a reason counts at once and stands in the history", async () => {
    const page = await town().visit("/indicator/rule.owned/target", { as: coordinator });
    for (const [goal, reason] of [["97", "udvalget ville have et mål, der kan nås"], ["95", "udvalget tog sig i det"]]) {
      await page.goto("/indicator/rule.owned/target");
      await page.fill("#goal", goal);
      await page.fill("#reason", reason);
      await page.click(save);
      await page.waitForURL("**/indicator/rule.owned");
      assert.match(await textOf(page, ".standing"), new RegExp(`mindst ${goal}\\s%`));
    }
    await page.goto("/history");
    const told = await page.locator(".past > li", { hasText: "udvalget tog sig i det" }).first().innerText();
    assert.match(told, /Maria Friis .*Regler med en ejer, der findes, fordi udvalget tog sig i det/);
    await promises(page);
  });

  test("a rule is written by form, changed with a reason, and its history tells it as a sentence", async () => {
    const page = await town().visit("/rule/new", { as: coordinator });
    await page.click(save);
    await page.waitForSelector('[role="alert"]');
    await page.fill("#unit", "Nordkyst Kommune");
    await page.fill("#number", "R-901");
    await page.fill("#title", "Gæster følges til døren");
    await page.fill("#text", "Den, der har besøg, følger gæsten ind og ud.");
    await page.click(save);
    await page.waitForSelector('.notice[role="status"]');
    assert.match(await textOf(page, "h1"), /R-901 Gæster følges til døren/);
    await page.click('main a[href$="/edit"]');
    await page.fill("#title", "Gæster følges ind og ud");
    await page.fill("#reason", "døren var kun det halve");
    await loads(page, () => page.click(save));
    const told = await page.locator(".past > li").first().innerText();
    assert.match(told, /Maria Friis ændrede .*fordi døren var kun det halve/);
    assert.match(told, /Gæster følges til døren → Gæster følges ind og ud/);
    await promises(page);
  });

  test("without script one signs in, filters, opens why, and edits a record", async () => {
    const page = await town().visit("/sign-in", { script: false, width: 320 });
    await town().signIn(page, coordinator);
    await page.goto("/control");
    const all = await page.locator("main [role=status]").innerText();
    await page.fill("#q", "hvor tit er hver måned");
    await loads(page, () => page.click('main form button:text("Vis")'));
    assert.notEqual(await page.locator("main [role=status]").innerText(), all);
    await fits(page);
    await page.goto("/policy?show=unmet");
    await page.locator(".clause summary").first().click();
    assert.ok(await page.locator(".clause details[open] .facts").first().isVisible());
    await fits(page);
    await page.goto(`${await firstOf(page, "/rule")}/edit`);
    await page.fill("#reason", "prøvet uden script");
    const text = await page.inputValue("#text");
    await page.fill("#text", `${text} Det gælder også uden script.`);
    await page.click(save);
    assert.match(await textOf(page, ".facts"), /Det gælder også uden script\./);
    await fits(page);
    noExternalRequests(page);
  });

  test("what was typed before the tab closed is there again, until it is saved", async () => {
    const page = await town().visit("/", { as: coordinator });
    const edit = `${await firstOf(page, "/rule?q=mail")}/edit`;
    await page.goto(edit);
    await page.fill("#chapter", "Et kapitel, der ikke blev gemt");
    await page.close({ runBeforeUnload: true });
    const other = await town().visit("/", { as: coordinator });
    await other.goto(edit);
    assert.notEqual(await other.inputValue("#chapter"), "Et kapitel, der ikke blev gemt", "another browser has no such draft");
    const again = await town().tab(other, edit);
    await again.fill("#chapter", "Et andet kapitel");
    await again.waitForFunction(() => JSON.stringify(localStorage).includes("Et andet kapitel"));
    await again.close();
    const back = await town().tab(other, edit);
    assert.equal(await back.inputValue("#chapter"), "Et andet kapitel");
    assert.match(await textOf(back, ".draft"), /kladde/);
    await promises(back);
    await back.click(save);
    await back.waitForSelector('.notice[role="status"]');
    await back.goto(edit);
    assert.equal(await back.locator(".draft").count(), 0);
  });

  test("what the server could not take is still there when the tab is closed before it is mended", async () => {
    const page = await town().visit("/rule/new", { as: coordinator });
    await page.fill("#text", "Skrevet uden navn og nummer.");
    await loads(page, () => page.click(save));
    await page.waitForSelector('[role="alert"]');
    assert.equal(await page.inputValue("#text"), "Skrevet uden navn og nummer.");
    const back = await town().tab(page, "/");
    await page.close();
    await back.goto("/rule/new");
    assert.equal(await back.inputValue("#text"), "Skrevet uden navn og nummer.");
    assert.match(await textOf(back, ".draft"), /kladde/);
    await promises(back);
    await back.click('.draft button:text("Smid kladden væk")');
    assert.equal(await back.inputValue("#text"), "");
  });

  test("a second tab that was slower is shown both versions, and may save after all", async () => {
    const page = await town().visit("/", { as: coordinator });
    const [rule] = [await firstOf(page, "/rule?q=hjemme")];
    const slow = await town().tab(page, `${rule}/edit`);
    await page.goto(`${rule}/edit`);
    await page.fill("#chapter", "Den hurtige");
    await page.click(save);
    await page.waitForSelector('.notice[role="status"]');
    await slow.fill("#chapter", "Den langsomme");
    await loads(slow, () => slow.click(save));
    await slow.waitForSelector('[role="alert"]');
    assert.equal(await slow.inputValue("#chapter"), "Den langsomme");
    assert.match(await slow.locator(".form-group", { has: slow.locator("#chapter") }).innerText(), /Det, den anden gemte: Den hurtige/);
    await promises(slow);
    await shot(slow, "clash");
    await slow.check('input[name="keep.chapter"][value="mine"]');
    await slow.click(save);
    await slow.waitForSelector('.notice[role="status"]');
    assert.match(await textOf(slow, ".facts"), /Den langsomme/);
  });
}
