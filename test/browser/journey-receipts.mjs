// Everybody knows: a link that a scanner opens signs nothing, a person confirms, a shared screen forgets, a leader
// registers a meeting, and who has confirmed hears no more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, loads, noExternalRequests, promises, shot } from "./harness.mjs";
import { coordinator, director, employee, textOf } from "./nordkyst.mjs";

// the text that home care is asked about in the demo, as the coordinator sees it
async function lostPhone(page) {
  await page.goto("/reading");
  return page.locator("table a", { hasText: "computeren er væk 1.1" }).first().getAttribute("href");
}

// linkFor lets the coordinator make a new link for the first of those missing who has a given mark.
async function linkFor(page, reading, nth = 0) {
  await page.goto(reading);
  const line = page.locator("section[aria-labelledby=absent] li", { hasNotText: "Sofie Winther" }).nth(nth);
  const name = (await line.locator("span").first().innerText()).split("\n")[0].trim();
  await line.locator('button:has-text("Nyt link")').click();
  const link = await page.locator(".notice.done a").getAttribute("href");
  return { name, link };
}

const missing = async (page, reading) => {
  await page.goto(reading);
  return page.locator("section[aria-labelledby=absent] li").count();
};

export function receipts(town) {
  test("a link that a scanner opens signs nothing; the person does, by initials", async () => {
    const boss = await town().visit("/", { as: coordinator });
    const reading = await lostPhone(boss);
    const before = await missing(boss, reading);
    const { name, link } = await linkFor(boss, reading);
    for (let i = 0; i < 8; i++) {
      const answer = await boss.request.get(link, { headers: { Purpose: "prefetch", "User-Agent": "SafeLinks" } });
      assert.equal(answer.status(), 200);
    }
    assert.equal((await boss.request.head(link)).status(), 200);
    assert.equal(await missing(boss, reading), before, "looking signed");

    const page = await town().visit(link, { width: 320, script: false });
    assert.equal(await page.locator("nav.menu").count(), 0, "who came by a link sees no menu");
    assert.ok((await textOf(page, "main")).includes(name));
    await page.fill("#initials", "??");
    await page.click(".act button.big");
    assert.ok((await textOf(page, '[role="alert"]')).includes("de første bogstaver"));
    const words = name.split(/[\s-]+/);
    await page.fill("#initials", words[0][0] + words.at(-1)[0]);
    await page.click(".act button.big");
    assert.ok((await textOf(page, "main")).includes("Din kvittering blev gemt"));
    await page.reload();
    assert.ok((await textOf(page, "main")).includes("Du skal ikke gøre mere"));
    assert.equal(await missing(boss, reading), before - 1);
  });

  test("the page of a link is kind to everybody who reads it on a phone", async () => {
    const boss = await town().visit("/", { as: coordinator });
    const { link } = await linkFor(boss, await lostPhone(boss), 1);
    const page = await town().visit(link, { width: 320 });
    await promises(page);
    await shot(page, "laes-320");
    const broad = await town().visit(link, { dark: true });
    await promises(broad);
    const bad = await town().visit(link.slice(0, -3) + "xyz");
    assert.ok((await textOf(bad, "main")).includes("Linket virker ikke længere"));
    await promises(bad);
  });

  test("an employee reads what is new, confirms, and hears no more of it", async () => {
    const page = await town().visit("/", { as: employee });
    await page.goto("/read");
    await promises(page);
    const section = page.locator("section", { hasText: "computeren er væk 1.1" }).first();
    await section.locator("a.button").click();
    await page.waitForSelector("#news");
    assert.ok((await textOf(page, "div.new")).includes("hjemme eller hos en borger"));
    await promises(page);
    await page.click(".act button.big");
    await page.waitForURL("**/read");
    assert.equal(await page.locator("section.toread", { hasText: "computeren er væk 1.1" }).count(), 0);
    await page.goto("/tasks");
    assert.equal(await page.locator("main", { hasText: "computeren er væk 1.1" }).count(), 0, "a task that is done is still there");
    await page.goto("/");
    assert.ok((await textOf(page, "main")).includes("Det har du læst"));
  });

  test("without script an employee reads and confirms all the same", async () => {
    const page = await town().visit("/read", { as: employee, script: false, width: 320 });
    const section = page.locator("section.toread", { hasText: "Politik for informationssikkerhed 2.1" });
    await section.locator("a.button").click();
    assert.ok((await textOf(page, "main")).includes("Indledning"));
    await fits(page);
    await page.click(".act button.big");
    assert.equal(new URL(page.url()).pathname, "/read");
    assert.equal(await section.count(), 0, "what is confirmed still waits");
    await page.reload();
    assert.ok((await textOf(page, "main")).includes("Politik for informationssikkerhed 2.1"), "the receipt stands among what was read");
    await fits(page);
    noExternalRequests(page);
  });

  test("a shared screen finds people by number, shows nobody else, and forgets", async () => {
    const boss = await town().visit("/kiosk", { as: coordinator });
    await promises(boss);
    await boss.fill("#name", "Personalestuen");
    await boss.fill("#unit", "Hjemmepleje Nord, dag 1");
    await boss.click('button:has-text("Lav skærmen")');
    const start = await boss.locator(".notice a").getAttribute("href");
    const reading = await lostPhone(boss);
    const list = await (await boss.request.get(reading + "/missing.csv")).text();
    const row = list.split("\n").find((line) => line.includes(";nej")).split(";");

    const page = await town().visit(start, { width: 1280 });
    await page.click("button.big");
    await page.waitForURL("**/screen");
    await promises(page);
    await page.fill("#number", "findes-ikke");
    await page.click("button.big");
    assert.ok((await textOf(page, '[role="alert"]')).includes("Der venter ikke noget"));
    await page.fill("#number", row[1].toLowerCase());
    await page.clock.install();
    await page.click("button.big");
    await page.waitForSelector("[data-forget]");
    await promises(page);
    await page.keyboard.press("Shift"); // looking took its time; from here on nobody touches it
    await page.clock.fastForward(45_000);
    assert.ok(await page.locator("[data-forgetting]").isVisible());
    await page.clock.fastForward(20_000);
    await page.waitForURL("**/screen");
    let texts = 0;
    for (;;) {
      await page.fill("#number", row[1]);
      await loads(page, () => page.click("main form button.big"));
      if (await page.locator('[role="alert"]').count()) break; // nothing waits any more
      texts++;
      await page.click(".act button.big");
      assert.ok((await textOf(page, "main")).includes("Din kvittering er gemt"));
    }
    assert.ok(texts > 0, "nothing waited on the screen");
  });

  test("a leader registers a meeting, and takes one back who was not there", async () => {
    const page = await town().visit("/", { as: director });
    const reading = await lostPhone(page);
    await page.goto(reading + "/meeting");
    await promises(page);
    await page.fill("#about", "Gennemgået på personalemødet");
    const boxes = page.locator('input[name="attended"]');
    assert.ok((await boxes.count()) >= 2);
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.click('button:has-text("Gem mødet")');
    await page.waitForURL("**/reading_meeting/*");
    await promises(page);
    assert.equal(await page.locator("section[aria-labelledby=there] > ul > li").count(), 2);
    await page.locator("section[aria-labelledby=there] summary").first().click();
    await page.locator("section[aria-labelledby=there] input[name=why]").first().fill("Var på ferie");
    await page.locator('section[aria-labelledby=there] button:has-text("Tag kvitteringen tilbage")').first().click();
    await page.waitForSelector("#wrong");
    assert.ok((await textOf(page, "section[aria-labelledby=wrong]")).includes("Var på ferie"));
    assert.equal(await page.locator("section[aria-labelledby=there] > ul > li").count(), 1);
  });

  test("who publishes sees whom the changed sentences ask", async () => {
    const page = await town().visit("/", { as: coordinator });
    await page.goto(await lostPhone(page));
    const edition = await page.locator('main a[href^="/edition/"]').last().getAttribute("href");
    await page.goto(edition + "/readers");
    await promises(page);
    assert.ok((await textOf(page, "main")).includes("ændrede sætninger"));
    await page.goto(edition);
    await page.click('a:has-text("Hvem dokumentet gælder for")');
    await promises(page);
    assert.ok((await textOf(page, "main")).includes("og alt under"));
    await page.goto("/reading");
    await promises(page);
    await page.goto(await lostPhone(page));
    await promises(page);
  });
}
