// What programs do on people's behalf: tokens, and other systems that are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promises } from "./harness.mjs";
import { administrator, coordinator, textOf } from "./nordkyst.mjs";

export function programs(town) {
  test("a token is made, shown once, reads and no more, and gets in no longer when it is revoked", async () => {
    const page = await town().visit("/me", { as: coordinator });
    await page.click('main a[href="/me/token"]');
    await page.fill("#name", "Månedens udtræk");
    await page.check('input[name="reads"]');
    await page.click('main button:text("Lav adgangen")');
    const token = await textOf(page, "code.address");
    assert.match(await textOf(page, ".lines"), /Månedens udtræk[^]*kun læse[^]*aldrig brugt/);
    await promises(page);
    const ask = (path, init = {}) => fetch(town().base + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
    assert.equal((await ask("/api/v1/rules?limit=1")).status, 200);
    const waiting = await (await ask("/api/v1/tasks")).json();
    await page.goto("/tasks?show=all");
    assert.equal(waiting.items.length, await page.locator(".tasks > li").count(), "a program sees the tasks that the person sees");
    const refused = await ask("/api/v1/rules", { method: "POST", headers: { "content-type": "application/json", "accept-language": "da" }, body: "{}" });
    assert.equal(refused.status, 403);
    assert.match((await refused.json()).detail, /kun lov til at læse/);
    await page.goto("/me/token");
    assert.equal(await page.locator("code.address").count(), 0, "it is shown once");
    assert.match(await textOf(page, ".lines"), /sidst brugt/);
    const runner = await town().visit("/token", { as: administrator, width: 320 });
    assert.match(await textOf(runner, ".lines"), /Månedens udtræk[^]*Maria Friis/);
    await promises(runner);
    await runner.click('main button[aria-label="Træk tilbage: Månedens udtræk"]');
    assert.match(await textOf(runner, ".notice.done"), /trukket tilbage/);
    assert.equal((await ask("/api/v1/rules?limit=1")).status, 401);
  });

  test("a system is told only over https, with a key that is shown once, and never inside the network", async () => {
    const page = await town().visit("/webhook/new", { as: administrator });
    await page.fill("#unit", "Nordkyst Kommune");
    await page.fill("#title", "Sagssystemet");
    await page.fill("#url", "http://127.0.0.1:9/her");
    await page.click("main form[data-draft] button.button-primary");
    assert.match(await textOf(page, "#url-error"), /https/);
    await page.fill("#url", "https://127.0.0.1:9/her");
    await page.fill("#events", "rule.*");
    await page.click("main form[data-draft] button.button-primary");
    await page.waitForSelector(".notice.done");
    const hook = new URL(page.url()).pathname;
    assert.equal(await page.locator('main button:text("Send en prøve")').count(), 0, "there is no key to sign it with");
    await promises(page);
    await page.click('main button:text("Lav en nøgle")');
    assert.match(await textOf(page, "main code"), /^whsec_/);
    await promises(page);
    await page.goto(hook);
    assert.doesNotMatch(await textOf(page, "main"), /whsec_/);
    await page.click('main button:text("Send en prøve")');
    assert.match(await textOf(page, ".notice.done"), /på vej/);
    for (const end = Date.now() + 60_000; Date.now() < end && !(await page.locator("main .lines code").count()); ) {
      await page.waitForTimeout(500);
      await page.goto(hook);
    }
    assert.match(await textOf(page, "main .lines"), /Kom ikke frem: Adressen er ikke på internettet/);
    await promises(page);
    const outsider = await town().visit("/", { as: coordinator });
    assert.equal((await outsider.request.get(hook)).status(), 403);
  });
}
