// Coming in and going out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promises } from "./harness.mjs";
import { employee, textOf } from "./nordkyst.mjs";

export function door(town) {
  test("a wrong password is refused in plain words, and the mail is kept", async () => {
    const page = await town().visit("/sign-in");
    await page.fill("#mail", employee.mail);
    await page.fill("#password", "forkert-adgangskode");
    await page.click('main form button[type="submit"]');
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    await page.waitForSelector('[role="alert"]');
    assert.equal(await page.inputValue("#mail"), employee.mail);
    assert.equal(await page.inputValue("#password"), "");
    await promises(page);
  });

  test("who asks for a page first comes to it after signing in, and is out again after signing out", async () => {
    const page = await town().visit("/rule");
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    await page.fill("#mail", employee.mail);
    await page.fill("#password", employee.password);
    await page.click('main form button[type="submit"]');
    await page.waitForURL("**/rule");
    await page.click(".who summary");
    await promises(page);
    await page.click('.who button:text("Log ud")');
    await page.waitForURL("**/sign-in*");
    await page.goto("/rule");
    assert.equal(new URL(page.url()).pathname, "/sign-in");
  });

  test("the language chosen is kept from page to page", async () => {
    const page = await town().visit("/", { as: employee });
    assert.equal(await page.getAttribute("html", "lang"), "da");
    await page.click('.top a[hreflang="en"]');
    assert.equal(await textOf(page, "h1"), "Overview");
    await page.goto("/rule");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.equal(await textOf(page, "h1"), "Rules");
    await promises(page);
  });

  test("the language can be chosen on a phone before signing in", async () => {
    const page = await town().visit("/sign-in", { width: 320 });
    await page.click('.top a[hreflang="en"]');
    assert.equal(await textOf(page, "h1"), "Sign in");
    await promises(page);
  });
}
