// One's own account: where one is signed in, and how one came in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promises } from "./harness.mjs";
import { areaDirector } from "./nordkyst.mjs";

export function account(town) {
  test("who is signed in twice sees both, and ends the other with the password, without script and by keyboard", async () => {
    const other = await town().visit("/sign-in", { width: 320 });
    await town().signIn(other, areaDirector);
    const page = await town().visit("/sign-in", { script: false });
    await town().signIn(page, areaDirector);
    await page.goto("/me");
    await promises(page);
    assert.match(await page.innerText("main"), /denne browser/);
    assert.match(await page.innerText("main"), /Med adgangskode/);
    await page.focus("#present-session");
    await page.keyboard.type(areaDirector.password);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector('[role="status"]');
    assert.match(await page.innerText('[role="status"]'), /Du er logget ud dér/);
    assert.equal(await page.locator('button[name="which"]').count(), 0);
    await promises(page);
    await other.goto("/me");
    assert.equal(new URL(other.url()).pathname, "/sign-in");
  });
}
