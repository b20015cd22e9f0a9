// Every kind of page keeps the promises in both languages, both widths, enlarged and in the dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promises, shot, widths } from "./harness.mjs";
import { coordinator, firstOf } from "./nordkyst.mjs";

const lists = ["/rule", "/control", "/document", "/person", "/unit", "/position", "/body"];
const fixed = ["/", "/policy", "/policy?show=none", "/policy/coverage", "/policy/import", "/indicator", "/indicator/rule.owned", "/indicator/rule.owned/target",
  "/own_indicator", "/own_indicator/new", "/history", "/search", "/search?q=regel", "/search?q=findes-ikke", "/accessibility", "/me", "/rule/new", "/rule?q=mail", "/rule?q=findes-ikke", "/rule/findes-ikke"];

export function surfaces(town) {
  let found;

  // kinds is one address of every kind of page.
  async function kinds() {
    if (found) return found;
    const page = await town().visit("/", { as: coordinator });
    const records = [];
    for (const list of lists) records.push(await firstOf(page, list));
    const [rule, , document] = records;
    await page.goto(document);
    const edition = await page.locator('main a[href^="/edition/"]').first().getAttribute("href");
    found = [...fixed, ...lists, ...records, `${rule}/edit`, `/history${rule}`, edition];
    return found;
  }

  for (const lang of ["da", "en"]) {
    test(`in ${lang === "da" ? "Danish" : "English"}, at ${widths.join(" and ")} px`, async () => {
      const addresses = await kinds();
      const page = await town().visit("/", { as: coordinator, lang });
      for (const address of addresses) {
        await page.goto(address);
        assert.equal(await page.getAttribute("html", "lang"), lang);
        assert.equal(await page.locator("h1").count(), 1, `one title on ${address}`);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 });
          await promises(page);
        }
      }
    });
  }

  test("enlarged to 200 %, with every sentence opened", async () => {
    const page = await town().visit("/policy", { as: coordinator, width: 640 });
    await page.evaluate(() => document.querySelectorAll(".clause > details").forEach((details) => { details.open = true; }));
    await promises(page);
    await shot(page, "policy-200");
  });

  test("in the dark", async () => {
    const page = await town().visit("/policy", { as: coordinator, dark: true });
    for (const address of ["/policy", "/", "/rule", "/indicator", "/rule/new", "/policy/import"]) {
      await page.goto(address);
      await promises(page);
    }
    await page.goto("/policy");
    await shot(page, "policy-dark");
  });

  test("opened on a phone, the reasons behind a sentence do not push the page wide", async () => {
    const page = await town().visit("/policy", { as: coordinator, width: 320 });
    await page.evaluate(() => document.querySelectorAll(".clause > details").forEach((details) => { details.open = true; }));
    await promises(page);
    await shot(page, "policy-320");
  });
}
