// A role must use a code from a day on: who has none then is let in by somebody who knows them. It comes last, for
// afterwards the auditor signs in with a code.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { promises } from "./harness.mjs";
import { administrator, auditor, council, firstOf, textOf } from "./nordkyst.mjs";

// codeNow is what an app shows for a secret at present (RFC 6238).
function codeNow(secret) {
  const bits = [...secret.replaceAll(/\s/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function demand(page, days) {
  await page.goto("/code_demand");
  for (const [role, day] of Object.entries(days)) await page.fill(`#${role}`, day);
  await page.click("main form .button-primary");
  await page.waitForSelector(".notice.done");
}

export function codes(town) {
  test("before the day one is reminded and may wait", async () => {
    const admin = await town().visit("/code_demand", { as: administrator });
    await promises(admin);
    await demand(admin, { council: "2099-01-01" });
    const page = await town().visit("/sign-in", { lang: "en", dark: true });
    await town().signIn(page, council);
    assert.equal(new URL(page.url()).pathname, "/me/code");
    await promises(page);
    await page.click('a:text("Do it later")');
    assert.equal(new URL(page.url()).pathname, "/");
    await demand(admin, { council: "" });
  });

  test("after the day one comes no further, until somebody opens and the code is set up", async () => {
    const admin = await town().visit("/", { as: administrator });
    await demand(admin, { auditor: "1.1.2026" });

    const page = await town().visit("/sign-in", { width: 320 });
    await town().signIn(page, auditor);
    assert.equal(new URL(page.url()).pathname, "/sign-in/app");
    assert.match(await textOf(page, "main"), /Ring til en administrator eller koordinator/);
    assert.equal(await page.locator("#code").count(), 0, "a password alone sets no code up");
    await promises(page);
    await page.goto("/rule");
    assert.equal(new URL(page.url()).pathname, "/sign-in/app");
    await page.click('main button:text("Log ud")');

    await admin.goto(`${await firstOf(admin, "/person?q=Peter+Vestergaard")}/code`);
    await promises(admin);
    await admin.fill("#reason", "Han stod ved mit bord med sit adgangskort.");
    await admin.click('button[value="admit"]');
    await admin.waitForSelector(".notice.done");

    await town().signIn(page, auditor);
    assert.equal(new URL(page.url()).pathname, "/sign-in/app");
    await promises(page);
    await page.fill("#code", "000000");
    await page.locator("#code").press("Enter");
    await page.waitForSelector('[role="alert"]');
    await promises(page);
    await page.fill("#code", codeNow(await textOf(page, "main code")));
    await page.locator("#code").press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await page.goto("/rule");
    assert.equal(await textOf(page, "h1"), "Regler");

    await demand(admin, { auditor: "" });
    assert.match(await textOf(admin, "main section.notice"), /foreslår at fjerne kravet: Revisor/);
    assert.equal(await admin.inputValue("#auditor"), "1.1.2026", "a demand in force stands until another agrees");
    assert.equal(await admin.locator('button[name="agree"]').count(), 0);
    await promises(admin);
    await admin.click('button[name="drop"]');
    await admin.waitForSelector(".notice.done");
    assert.equal(await admin.locator("main section.notice").count(), 0);
  });
}
