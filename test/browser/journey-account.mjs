// One's own account: where one is signed in, and how one came in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, noConsoleErrors, noExternalRequests, promises } from "./harness.mjs";
import { areaDirector } from "./nordkyst.mjs";

export function account(town) {
  test("who is signed in twice sees both, and ends the other with the password, without script and by keyboard", async () => {
    const other = await town().visit("/sign-in", { width: 320 });
    await town().signIn(other, areaDirector);
    const page = await town().visit("/sign-in", { script: false });
    await town().signIn(page, areaDirector);
    await other.goto("/me");
    await promises(other);
    await page.goto("/me");
    assert.match(await page.innerText("main"), /denne browser/);
    assert.match(await page.innerText("main"), /Med adgangskode/);
    await page.focus("#present-session");
    await page.keyboard.type(areaDirector.password);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator('[role="status"]', { hasText: "Du er logget ud dér" }).waitFor();
    assert.equal(await page.locator('button[name="which"]').count(), 0);
    await fits(page);
    noConsoleErrors(page);
    noExternalRequests(page);
    await other.goto("/me");
    assert.equal(new URL(other.url()).pathname, "/sign-in");
  });
}
