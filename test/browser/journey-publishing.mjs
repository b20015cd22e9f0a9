// A text comes in force, from its first word to its readers, by somebody who has no mouse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keys, promises, tabTo } from "./harness.mjs";
import { coordinator, textOf } from "./nordkyst.mjs";

export function publishing(town) {
  test("a new version is written, sent for review, approved, decided and put in force by keyboard alone", async () => {
    const page = await town().visit("/document?q=adgang+og+login", { as: coordinator });
    const press = async (selector) => {
      await tabTo(page, selector);
      await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    };
    assert.match((await keys(page, "Tab")).text, /Gå til indhold/, "the first stop leads past the menu");
    assert.equal((await keys(page, "Enter")).id, "content");
    await press("table.list tbody a");
    assert.match(await textOf(page, "h1"), /Retningslinje for adgang og login/);
    await press('main a[href$="/edition/new"]');

    await tabTo(page, "#label");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("1.1");
    await page.waitForSelector("[contenteditable]"); // the editor comes after the page
    await tabTo(page, "[contenteditable]");
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" Ingen låner en andens login.");
    await promises(page);
    await press("main form[data-draft] .button-primary");
    await press('form[action$="/submit"] button');
    assert.match(await textOf(page, ".notice.done"), /sendt i høring/);

    await press('main a[href^="/approval/new"]');
    await tabTo(page, "#body");
    await page.keyboard.type("Informationssikkerhedsudvalget");
    await tabTo(page, "#decided");
    await page.keyboard.press("Control+a");
    await page.keyboard.type(new Date().toLocaleDateString("da-DK", { timeZone: "Europe/Copenhagen" }));
    await tabTo(page, "#way");
    await page.keyboard.press("ArrowDown");
    await tabTo(page, "#case_number");
    await page.keyboard.type("2026-117");
    await promises(page);
    await press("main form[data-draft] .button-primary");

    const edition = await page.locator('main a[href^="/edition/"]').first().getAttribute("href");
    await page.goto(edition);
    await press('form[action$="/decide"] button');
    assert.match(await textOf(page, ".notice.done"), /besluttet/);
    await press('form[action$="/publish"] .button-primary');
    assert.match(await textOf(page, ".notice.done"), /sat i kraft/);
    await promises(page);
    await page.goto("/document?q=adgang+og+login");
    await press("table.list tbody a");
    assert.match(await textOf(page, "main"), /Version 1\.1\s+gældende/);
  });
}
