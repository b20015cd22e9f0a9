// An adopted policy that Værn has never seen, from a file to a page of its own.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promises, shot } from "./harness.mjs";
import { coordinator, textOf } from "./nordkyst.mjs";

const policy = `Politik for sikker omgang med oplysninger

Lyngsø Kommune

Version 9.0

3. april 2026

1. Hvorfor

Lyngsø Kommune låner borgernes oplysninger og giver dem ikke videre uden grund.

2. Sådan vil vi have det

Alle ledere skal:

- kende de systemer, deres folk bruger,
- spørge, når de er i tvivl om informationsikkerheden.

3. Hvem har besluttet det

Informationssikkerhedsudvalget består af kommunaldirektøren (formand), it-chefen og HR-chefen.

Politikken er godkendt af Byrådet den 12.marts 2026.
`;

export function importing(town) {
  let folder, page;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vaern-policy-"));
    await writeFile(join(folder, "lyngsoe.txt"), policy);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  test("a file is read, and what was found is proposed beside its words", async () => {
    page = await town().visit("/policy/import", { as: coordinator });
    await page.setInputFiles("#file", join(folder, "lyngsoe.txt"));
    assert.match(await textOf(page, "[data-drop] output"), /lyngsoe\.txt/);
    await page.click('main form button:text("Læs filen")');
    await page.waitForURL("**/policy/import/*");
    assert.deepEqual(await Promise.all(["title", "organisation", "version", "dated"].map((id) => page.inputValue(`#${id}`))),
      ["Politik for sikker omgang med oplysninger", "Lyngsø Kommune", "9.0", "3.4.2026"]);
    assert.deepEqual([await page.inputValue("#ab-0"), await page.inputValue("#ad-0")], ["Byrådet", "12.3.2026"]);
    assert.equal(await page.inputValue("#bn-0"), "Informationssikkerhedsudvalget");
    assert.ok((await page.locator(".found > li").count()) > 0, "an approval older than the version is a finding");
    assert.ok((await page.locator(".pair .source", { hasText: "låner borgernes oplysninger" }).count()) > 0);
    await promises(page);
    await shot(page, "import");
  });

  test("it can be left and taken up again, also on a phone", async () => {
    const phone = await town().visit("/policy/import", { as: coordinator, width: 320 });
    await phone.click('main a[href^="/policy/import/"]');
    assert.equal(await phone.inputValue("#version"), "9.0");
    await promises(phone);
    await shot(phone, "import-320");
  });

  test("confirmed, it becomes a draft with every word as it was adopted", async () => {
    await page.click('button[value="confirm"]');
    await page.waitForURL("**/edition/*");
    const words = (await page.locator(".clause .words").allInnerTexts()).join(" ").replace(/\s+/g, " ");
    for (const kept of ["giver dem ikke videre uden grund.", "om informationsikkerheden", "den 12.marts 2026."]) assert.ok(words.includes(kept), kept);
    assert.match(await textOf(page, "main"), /[Kk]ladde/);
    await promises(page);
    await shot(page, "edition");
  });

  test("the policy in force stands untouched by a draft", async () => {
    await page.goto("/policy");
    assert.equal(await textOf(page, "h1"), "Politik for informationssikkerhed");
    await promises(page);
  });
}
