// A spreadsheet of 5,000 people with the usual mess, by hand: which column is what, what each row would do, what is
// wrong, the wrong rows corrected, all of it stored, and taken back.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promises, shot } from "./harness.mjs";
import { coordinator, textOf } from "./nordkyst.mjs";
import { workbook } from "./workbook.mjs";

const many = 5000;
const first = ["Åse", "Bo", "Ditte", "Jørgen", "Karen-Margrethe", "Søren", "Ærø", "Øjvind"];
const last = ["Andersen", "Bæk", "Dahl", "Krogh", "Lund", "Møller", "Nørgaard", "Winther"];
const headings = ["Ident", "Navn", "E-mail", "Afdeling", "Ansættelsestype", "Slutdato", "Lokaltelefon"];

// person is a row as it should be; mess is what became of it, and whether that can be stored.
const person = (i, unit) => [`R${20000 + i}`, `${first[i % 8]} ${last[(i >> 3) % 8]}`, `r${i}@nordkyst.example`, unit, "Medarbejder", "", "4910"];

function mess(i, row) {
  const out = [...row];
  if (i % 10 === 3) out[1] = `  ${out[1].replace(" ", "   ")} `;
  if (i % 50 === 11) out[5] = "1/3/27";
  if (i % 50 === 12) out[4] = "vikar";
  if (i % 40 === 14) out[2] = "";
  let good = true;
  const wrong = (when, column, text) => { if (when) { out[column] = text; good = false; } };
  wrong(i % 100 === 7, 0, `R${20000 + i - 1}`);
  wrong(i % 250 === 9, 1, "");
  wrong(i % 200 === 13, 2, "ikke en mailadresse");
  wrong(i % 250 === 17, 3, "Afdelingen for det ukendte");
  wrong(i % 500 === 23, 5, "31/2/27");
  wrong(i % 500 === 29, 4, "Chefkonsulent");
  return { out, good };
}

// cp1252 is text as Excel saves it in Denmark.
const cp1252 = (text) => Buffer.from(text, "latin1");

const danish = (n) => n.toLocaleString("da-DK");

export function spreadsheets(town) {
  let folder, page, units, rows, corrected, told;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vaern-sheet-"));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  test("the list of units comes down as it is shown", async () => {
    page = await town().visit("/unit", { as: coordinator });
    const columns = await page.locator("table.list thead th").allInnerTexts();
    await page.click("summary:has-text('Hent listen')");
    const href = await page.locator("a[download]", { hasText: ".csv" }).getAttribute("href");
    const csv = await (await page.request.get(href)).text();
    const lines = csv.replace(/^\uFEFF/, "").trim().split(/\r?\n/).map((line) => line.split(";"));
    assert.deepEqual(lines[0], columns.map((text) => text.replace(/[↑↓]/, "").trim()).filter((text) => text && text !== "Vælg"));
    const titles = lines.slice(1).map((line) => line[0]);
    units = titles.filter((title) => titles.indexOf(title) === titles.lastIndexOf(title));
    assert.ok(units.length > 5, "the municipality has units with names of their own");
    const right = Array.from({ length: many }, (_, i) => person(i, units[i % units.length]));
    const messy = right.map((row, i) => mess(i, row));
    rows = messy.map((m) => m.out);
    corrected = right.filter((_, i) => !messy[i].good);
    told = { good: many - corrected.length, wrong: corrected.length };
    const sheet = [headings, ...rows];
    for (const at of [4000, 2000, 1000]) sheet.splice(at, 0, []); // and a few empty rows
    await writeFile(join(folder, "personale.xlsx"), workbook(sheet));
  });

  test("the columns are guessed, and what each row would do is told before anything is stored", async () => {
    await page.goto("/person");
    await page.click("a[href='/person/import']");
    await promises(page);
    await page.setInputFiles("#file", join(folder, "personale.xlsx"));
    await page.click("main form .button-primary");
    await page.waitForURL("**/import/file/*");
    const chosen = await page.locator("main select").evaluateAll((all) => all.map((one) => one.value));
    assert.deepEqual(chosen, ["", "name", "mail", "unit", "category", "ends", ""]);
    assert.match(await textOf(page, "main"), /Ingen kolonne passer til Medarbejdernr/);
    await page.selectOption("#column-A", "number");
    await promises(page);
    await shot(page, "spreadsheet-columns");
    await page.click("main form .button-primary");
    await page.waitForSelector("main button[value='first']"); // when the work is over: the page follows it by itself
    assert.match(await textOf(page, "main"), /Medarbejdernr\. er det samme i flere rækker\. Hvilken gælder/);
    await page.click("main button[value='first']");
    await page.waitForSelector("main button[value='last']");
    assert.match(await textOf(page, "main .lead"), new RegExp(`${danish(told.good)}\\snye, 0\\sændrede, 0\\suændrede og ${told.wrong}\\sforkerte`));
    await promises(page);
    await shot(page, "spreadsheet-wrong");
  });

  test("every wrong row says in which cell and why", async () => {
    const reasons = [];
    for (;;) {
      reasons.push(...(await page.locator("table.list tbody tr").evaluateAll((all) => all.map((row) => row.lastElementChild.innerText))));
      const next = page.locator("a[rel='next']");
      if (!(await next.count())) break;
      await Promise.all([page.waitForNavigation(), next.click()]);
    }
    assert.equal(reasons.length, told.wrong);
    for (const reason of reasons) assert.match(reason, /^[A-F]\d+ \S.*: ./, reason);
    for (const why of [/Række \d+ gælder for/, /Skal udfyldes/, /Skriv en mailadresse/, /hedder »Afdelingen for det ukendte«/, /Skriv en dato.*31\/2\/27/, /»Chefkonsulent« er ingen af mulighederne/]) {
      assert.ok(reasons.some((reason) => why.test(reason)), String(why));
    }
  });

  test("it is stored with progress, and the person may leave meanwhile", async () => {
    await page.click("main form[action$='/save'] button");
    await page.waitForSelector("main form[action$='/undo']");
    assert.match(await textOf(page, "main .lead"), new RegExp(`^${danish(told.good)} er oprettet`));
    await promises(page);
    await page.goto("/person?q=R20011"); // by number
    assert.match(await textOf(page, "table.list tbody tr:first-child"), /1\.3\.2027/);
    await page.goBack();
  });

  test("the wrong rows are downloaded, corrected and read; who is there already is not made twice", async () => {
    const saved = page.url();
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[href$='/wrong']")]);
    await download.saveAs(join(folder, "ret.xlsx"));
    const phone = await town().visit("/person/import", { as: coordinator, width: 320 });
    await phone.setInputFiles("#file", join(folder, "ret.xlsx")); // uncorrected: nothing new is wrong with it
    await phone.click("main form .button-primary");
    await phone.waitForURL("**/import/file/*");
    assert.equal(await phone.inputValue("#column-A"), "number"); // as it was chosen the last time
    await promises(phone);
    await shot(phone, "spreadsheet-columns-320");
    await phone.click("main form .button-primary");
    await phone.waitForSelector("main .chips");
    assert.match(await textOf(phone, "main .lead"), /\sforkerte\./);
    await promises(phone);
    await shot(phone, "spreadsheet-wrong-320");
    const text = [headings, ...corrected, person(0, units[0])].map((row) => row.join(";")).join("\r\n");
    await writeFile(join(folder, "rettet.csv"), cp1252(text));
    await phone.goto("/person/import");
    await phone.setInputFiles("#file", join(folder, "rettet.csv"));
    await phone.click("main form .button-primary");
    await phone.waitForURL("**/import/file/*");
    await phone.click("main form .button-primary");
    await phone.waitForSelector("main form[action$='/save']");
    assert.match(await textOf(phone, "main .lead"), new RegExp(`${told.wrong}\\snye, 0\\sændrede, 1\\suændret og 0\\sforkerte`));
    await phone.click("main form[action$='/save'] button");
    await phone.waitForSelector("main form[action$='/undo']");
    await phone.click("main form[action$='/undo'] button");
    await phone.getByText("Indlæsningen er fortrudt").waitFor();
    await promises(phone);
    await page.goto(saved);
  });

  test("all of it is taken back as one", async () => {
    await page.click("main form[action$='/undo'] button");
    await page.getByText("Indlæsningen er fortrudt").waitFor();
    await promises(page);
    await shot(page, "spreadsheet-undone");
    await page.goto("/person?q=R20011");
    assert.equal(await page.locator("table.list tbody tr").count(), 0);
  });
}
