// From the policy's own words to the number, to the list behind it, to a record and what has happened to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, keys, loads, promises, shot } from "./harness.mjs";
import { coordinator, employee, answersWith, manager, textOf } from "./nordkyst.mjs";

export function reading(town) {
  test("the count of a state leads to exactly those sentences", async () => {
    const page = await town().visit("/policy", { as: coordinator });
    const said = Number.parseInt(await textOf(page, ".standing a.unmet"), 10);
    assert.ok(said > 0, "the demo has sentences that are not met");
    await page.click(".standing a.unmet");
    await page.waitForURL("**/policy?show=unmet");
    const states = await page.locator(".clause .proof .state").allInnerTexts();
    assert.equal(states.length, said);
    assert.deepEqual([...new Set(states)], ["ikke opfyldt"]);
    await promises(page);
  });

  test("j, k and Enter go through the sentences and open why", async () => {
    const page = await town().visit("/policy?show=unmet", { as: coordinator });
    const ids = await page.locator(".clause").evaluateAll((all) => all.map((clause) => clause.id));
    assert.equal((await keys(page, "j")).id, ids[0]);
    assert.equal((await keys(page, "j")).id, ids[1]);
    assert.equal((await keys(page, "K")).id, ids[0]); // as with Caps Lock
    await keys(page, "Enter");
    assert.ok(await page.locator(".clause").first().locator("details").evaluate((details) => details.open));
    assert.ok(await page.locator(".clause").first().locator("table").isVisible());
    await promises(page);
  });

  test("the keys can be turned off, and stay off", async () => {
    const page = await town().visit("/policy", { as: coordinator });
    await page.uncheck("[data-keys]");
    await page.reload();
    assert.equal(await page.isChecked("[data-keys]"), false);
    assert.equal((await keys(page, "j")).tag, "body");
  });

  test("a number leads to the list behind it, a record and its history", async () => {
    const page = await town().visit("/policy?show=unmet", { as: coordinator });
    await page.locator(".clause .proof a").first().click();
    await page.waitForURL("**/indicator/*");
    const [met, total] = (await textOf(page, ".standing strong")).match(/[\d.]+/g).map((number) => Number(number.replaceAll(".", "")));
    const missing = page.locator("main > .table tbody tr");
    assert.equal(await missing.count(), total - met);
    assert.ok((await textOf(page, "main > .table thead")).includes("Ejer"), "whom to ask about each");
    assert.ok(await missing.locator("td").evaluateAll((cells) => cells.every((cell) => cell.textContent.trim())), "an empty cell says nothing");
    assert.equal(await page.locator("h2 + p").first().isVisible(), true, "and what to do");
    assert.equal(await page.locator(".chart.broad use:visible").count(), 3, "each band has its name");
    await page.setViewportSize({ width: 320, height: 800 });
    assert.deepEqual([await page.locator(".chart.slim").isVisible(), await page.locator(".chart.broad").isVisible()], [true, false], "the picture is there on a phone, too");
    await page.setViewportSize({ width: 1280, height: 900 });
    await promises(page);
    await loads(page, () => missing.first().locator("a").click());
    assert.ok(await page.locator("h1").isVisible());
    await promises(page);
    await page.locator('main a[href^="/history/"]').first().click();
    await page.waitForURL("**/history/*/*");
    assert.ok((await page.locator(".past > li").count()) > 0, "a record has a history");
    await promises(page);
  });

  test("an employee finds a rule by a plain word, reads it and may not edit it", async () => {
    const page = await town().visit("/", { as: employee });
    await page.fill("#q", "mail");
    await page.click('main form button:text("Find")');
    await page.waitForURL("**/rule?q=mail");
    assert.ok((await page.locator("table.list tbody tr").count()) > 0, "a word as plain as mail finds a rule");
    await promises(page);
    await loads(page, () => page.locator("table.list tbody a").first().click());
    assert.match((await page.locator("main").innerText()).toLowerCase(), /mail/);
    assert.equal(await page.locator('a:is([href$="/edit"], [href*="/edit?"])').count(), 0);
    await answersWith(page, `${new URL(page.url()).pathname}/edit`, 403);
    await promises(page);
  });

  test("an employee is not shown a draft that the coordinator sees", async () => {
    const page = await town().visit("/indicator", { as: coordinator });
    await loads(page, () => page.click('a:text("Dokumenter med en gældende version")'));
    await page.locator("main > .table tbody a", { hasText: "klassifikation" }).click();
    await page.waitForURL("**/document/*");
    const draft = await page.locator('main a[href^="/edition/"]').first().getAttribute("href");
    await answersWith(page, draft, 200);
    const other = await town().visit("/document", { as: employee });
    const refused = await other.request.get(draft);
    assert.ok([403, 404].includes(refused.status()), `${draft} answered ${refused.status()}`);
  });

  test("a manager, whose area is a part, is shown what of the whole policy lacks its counterpart", async () => {
    const page = await town().visit("/policy", { as: manager });
    await page.click('main a[href="/policy/coverage"]');
    assert.equal(await textOf(page, "h1"), "Dækning");
    assert.ok((await page.locator("main li").count()) > 0);
    await promises(page);
  });

  test("the policy prints with the text to the left and the proof to the right", async () => {
    const page = await town().visit("/policy", { as: coordinator });
    const today = page.locator(".proof", { hasText: "data fra i dag" }).locator("span.noprint").first();
    assert.ok(await today.isVisible(), "the proof says that its data are today's");
    await page.emulateMedia({ media: "print" });
    assert.equal(await today.isVisible(), false, "which stands once, at the top, on paper");
    assert.equal(await page.locator("nav.menu").isVisible(), false);
    assert.equal(await page.locator(".policybar").isVisible(), false);
    const [words, proof] = await Promise.all([page.locator(".clause .words").first().boundingBox(), page.locator(".clause .proof").first().boundingBox()]);
    assert.ok(words.x + words.width <= proof.x, "the proof stands to the right of the words");
    await shot(page, "policy-print");
    await page.goto("/rule");
    await page.setViewportSize({ width: 673, height: 950 }); // what is between the margins of A4
    assert.equal(await page.locator("table.list thead th").nth(1).evaluate((cell) => getComputedStyle(cell).display), "table-cell", "a list prints as a table");
    const number = page.locator("td.number > span").first();
    assert.ok((await number.boundingBox()).height < 30, "a number such as R-01 stands on one line");
    for (const unprinted of [".listsearch", ".bulk", "table.list .tick"]) assert.equal(await page.locator(unprinted).first().isVisible(), false, unprinted);
    await fits(page);
    const rule = await page.locator("table.list .title a").first().getAttribute("href");
    await page.goto(rule);
    assert.equal(await page.getByText("Hele historikken").isVisible(), false, "a link alone says nothing on paper");
    await page.goto(`/on${rule}/comment`);
    assert.equal(await page.locator("main form").first().isVisible(), false, "a form is not printed below what was said");
    await page.goto("/organisation");
    assert.deepEqual([await page.locator(".tree summary:visible").count(), await page.locator(".tree .node:visible").count() > 100], [0, true], "all units are printed, and no mark to fold them");
    await page.goto("/indicator/document.policy_in_force");
    assert.equal(await page.locator("main summary:visible").count(), 0, "what is folded does not print a line to open it");
  });
}
