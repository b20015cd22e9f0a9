// A file of the personnel system: what it would do is shown before it counts, and the wrong rows say why.
import assert from "node:assert/strict";
import { test } from "node:test";
import { promises, shot } from "./harness.mjs";
import { coordinator, textOf } from "./nordkyst.mjs";

const file = `Medarbejdernr;Navn;Enhed;Stilling;Ansat fra;CPR-nr
990001;Asta Nyansat;Nordkyst Kommune;Vikarkoordinator;01-08-2020;0101010101
990002;Bror Fremtid;Nordkyst Kommune;Vikarkoordinator;01-08-2090;0101010102
990003;Skæv Dato;Nordkyst Kommune;Vikarkoordinator;32-13-2026;0101010103
`;

export function feeding(town) {
  let page, first;

  const hand = async () => {
    page = await town().visit("/people/feed", { as: coordinator });
    await promises(page);
    await page.setInputFiles("#file", { name: "personale.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
    assert.match(await textOf(page, "[data-drop] output"), /personale\.csv/);
    await page.click('main form button:text("Se, hvad filen gør")');
    await page.waitForURL("**/people/feed/*");
    await page.waitForSelector("main .lead");
  };

  test("a file says what it would do, and each wrong row why", async () => {
    await hand();
    assert.match(await textOf(page, "main .lead"), /Intet er ændret endnu/);
    assert.match(await textOf(page, "main .notice"), /CPR-nr/);
    assert.match(await textOf(page, "main tbody"), /Skæv Dato[^]*er ikke en dato/);
    await promises(page);
    await shot(page, "feed");
    await page.click('main .chips a:text("nye")');
    await page.waitForURL("**show=joined");
    assert.match(await textOf(page, "main tbody"), /Asta Nyansat[^]*Bror Fremtid/);
  });

  test("taken in, they are here; again, nothing changes", async () => {
    await page.click('main form button:text("Læs filen ind")');
    await page.waitForSelector("text=Filen er læst ind");
    await promises(page);
    const wrong = page.waitForEvent("download");
    await page.click('main a:text("Hent de forkerte rækker")');
    assert.match((await wrong).suggestedFilename(), /\.xlsx$/);
    first = page.url();
    await page.goto(new URL("/person?q=Asta+Nyansat", page.url()).href);
    assert.match(await textOf(page, "main"), /Asta Nyansat/);
    await hand();
    assert.match(await textOf(page, "main .lead"), /Filen ændrer intet[^]*2 som før/);
    await page.click('main form button:text("Glem filen")');
    await page.waitForURL("**/people/feed");
  });

  test("the file is undone as one", async () => {
    await page.goto(first);
    await page.click('main form button:text("Fortryd hele filen")');
    await page.waitForSelector("text=Filen er fortrudt");
    await promises(page);
    await page.goto(new URL("/person?q=Asta+Nyansat", page.url()).href);
    assert.doesNotMatch(await textOf(page, "main"), /990001/);
  });
}
