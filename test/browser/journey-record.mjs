// What hangs on a record: two people who edit it, a session that ended, files, links, mentions, its past.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promises, shot } from "./harness.mjs";
import { coordinator, employee, firstOf, manager, textOf } from "./nordkyst.mjs";

const save = "main form[data-draft] button.button-primary";

export function records(town) {
  test("a change of the organisation asks for what its kind needs, and without script for all of it", async () => {
    const page = await town().visit("/unit_change/new", { as: coordinator });
    const asks = () => page.locator("main form .form-group:visible .form-label").evaluateAll((labels) => labels.map((label) => label.htmlFor));
    assert.deepEqual(await asks(), ["act", "subject", "effective"]);
    await page.selectOption("#act", "move");
    assert.deepEqual(await asks(), ["act", "subject", "target", "effective"]);
    await page.selectOption("#act", "rename");
    assert.deepEqual(await asks(), ["act", "subject", "name", "effective"]);
    await promises(page);
    const plain = await town().visit("/unit_change/new", { as: coordinator, script: false });
    assert.equal(await plain.locator("main form .form-group:visible").count(), 7);
  });

  test("two people edit the same rule, and both edits survive", async () => {
    const one = await town().visit("/", { as: coordinator });
    const rule = await firstOf(one, "/rule?q=adgangskode");
    const other = await town().tab(one, `${rule}/edit`);
    await one.goto(`${rule}/edit`);
    await one.fill("#chapter", "Den enes kapitel");
    await one.click(save);
    await one.waitForSelector(".notice.done");
    assert.match(await textOf(one, ".notice.done"), /Ændret: Kapitel/);
    const text = `${await other.inputValue("#text")} Den andens ord.`;
    await other.fill("#text", text);
    await other.click(save);
    await other.waitForSelector(".notice.done");
    assert.match(await textOf(other, ".notice.done"), /En anden ændrede imens Kapitel; begge dele er med/);
    assert.match(await textOf(other, "main"), /Den enes kapitel[^]*Den andens ord/);
    await promises(other);

    await other.click('button:text("Fortryd ændringen")');
    await other.waitForSelector(".notice.done");
    assert.doesNotMatch(await textOf(other, ".facts"), /Den andens ord/);
    assert.match(await textOf(other, ".facts"), /Den enes kapitel/);
  });

  for (const script of [true, false]) {
    test(`a session that ended keeps what was typed, ${script ? "with" : "without"} script`, async () => {
      const page = await town().visit("/sign-in", { script });
      await town().signIn(page, coordinator);
      const rule = await firstOf(page, "/rule?q=skærm");
      await page.goto(`${rule}/edit`);
      const chapter = `Skrevet før det sluttede, ${script}`;
      await page.fill("#chapter", chapter);
      await page.context().clearCookies();
      await page.click(save);
      assert.match(await textOf(page, "h1"), /logget ud/);
      if (script) await promises(page);
      await shot(page, `ended-${script}`);
      const [door] = await Promise.all([page.context().waitForEvent("page"), page.click('main a[target="_blank"]')]);
      await door.fill('input[name="mail"]', coordinator.mail);
      await door.fill('input[name="password"]', coordinator.password);
      await door.click('main form button[type="submit"]');
      await door.waitForURL((url) => url.pathname !== "/sign-in");
      await door.close();
      await page.click('main button:text("Gem det, jeg skrev")');
      await page.waitForURL(`**${rule}**`);
      assert.match(await textOf(page, ".facts"), new RegExp(chapter));
      await page.goto(`${rule}/edit`);
      assert.equal(await page.locator(".draft").count(), 0, "what is saved is no draft");
    });
  }

  test("a file goes up and comes down as it was, and is gone when it is removed", async () => {
    const page = await town().visit("/", { as: coordinator });
    const rule = await firstOf(page, "/rule");
    await page.goto(`/on${rule}/file`);
    const content = Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% ${"æøå".repeat(5000)}\n`);
    await page.setInputFiles("#file", { name: "års bevis.pdf", mimeType: "application/pdf", buffer: content });
    await page.fill("#title", "Bevis for prøven");
    await page.fill("#starts", "1.1.2026");
    await page.click(save);
    await page.waitForSelector(".notice.done");
    assert.match(await textOf(page, ".lines"), /Bevis for prøven[^]*gælder fra 1\.1\.2026/);
    assert.match(await textOf(page, ".tabs [aria-current]"), /Filer 1/);
    await promises(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click('main a:text("Bevis for prøven")')]);
    assert.equal(download.suggestedFilename(), "års bevis.pdf");
    const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
    assert.equal(hash(await readFile(await download.path())), hash(content));
    await page.click("main summary");
    assert.equal(await textOf(page, "main code"), hash(content));
    await page.setInputFiles("#file", { name: "bevis.pdf", mimeType: "application/pdf", buffer: Buffer.from("<script>alert(1)</script>") });
    await page.click(save);
    assert.match(await textOf(page, "#file-error"), /indholdet er noget andet/);
    await promises(page);
    await page.click("main summary");
    await page.fill('[id^="reason-"]', "den var forkert");
    await page.click('main button:text("Fjern filen")');
    await page.waitForSelector(".notice.done");
    assert.equal(await page.locator("main .lines a").count(), 0);
  });

  test("a mention is found by typing, told, and leads to the comment", async () => {
    const page = await town().visit("/", { as: coordinator });
    const rule = await firstOf(page, "/rule");
    await page.goto(`/on${rule}/comment`);
    await page.locator("#text").pressSequentially("Har du set den her, @Susanne Kr");
    await page.click('.namelist button:text("Susanne Krogh")');
    await page.locator("#text").pressSequentially("?");
    await page.click(save);
    await page.waitForSelector(".notice.done");
    assert.match(await textOf(page, ".said"), /Har du set den her, Susanne Krogh/);
    await promises(page);
    await page.click(".said summary");
    await page.fill(".said textarea", "Har du set den, @Susanne Krogh? Den er rettet.");
    await page.click('.said button:text("Gem rettelsen")');
    assert.match(await textOf(page, ".said"), /rettet[^]*Den er rettet/);
    await page.fill("#text", "Hej @Findes Slet Ikke");
    await page.click(save);
    assert.match(await textOf(page, "#text-error"), /Ingen hedder/);
    assert.equal(await page.inputValue("#text"), "Hej @Findes Slet Ikke", "what was typed stays");
    await promises(page);
    const told = await town().visit(`/on${rule}/comment`, { as: manager, width: 320 });
    assert.match(await textOf(told, ".said"), /Susanne Krogh/);
    assert.equal(await told.locator(".said summary").count(), 0, "somebody else's comment");
    await promises(told);
    await told.goto("/tasks?show=all");
    await told.click('.tasks a[href*="/comment#comment-"] >> nth=0');
    assert.match(await textOf(told, ".said"), /Den er rettet/);
    await told.click('.said button:text("Jeg har set den")');
    await told.waitForSelector(".notice.done");
    await told.goto("/tasks?show=all");
    assert.equal(await told.locator('.tasks a[href*="/comment#comment-"]').count(), 0, "what is seen waits no longer");
    await promises(told);
  });

  test("two records are tied with a reason, seen at both ends", async () => {
    const page = await town().visit("/", { as: coordinator, width: 320 });
    const control = await firstOf(page, "/control");
    const rule = await firstOf(page, "/rule");
    await page.goto(rule);
    const name = await textOf(page, "h1");
    await page.goto(`/on${control}/link`);
    await page.selectOption("#kind", "rule");
    await page.fill("#to", name);
    await page.fill("#reason", "den ene prøver den anden");
    await page.click(save);
    await page.waitForSelector(".notice.done");
    await promises(page);
    await page.goto(`/on${rule}/link`);
    assert.match(await textOf(page, ".lines"), /den ene prøver den anden/);
    await page.goto(rule);
    assert.match(await textOf(page, "aside"), /Hænger sammen med[^]*forbundet/);
    const outsider = await town().visit(rule, { as: employee });
    await promises(outsider);
  });

  test("a field tells what it has been, two versions stand side by side, and a day shows the record as it was", async () => {
    const page = await town().visit("/", { as: coordinator });
    const rule = await firstOf(page, "/rule");
    await page.goto(`${rule}/edit`);
    const was = await page.inputValue("#text");
    await page.fill("#text", "Teksten er en anden nu.");
    await page.click(save);
    await page.waitForSelector(".notice.done");
    await page.click('dl.facts a[href$="/field/text"]');
    assert.match(await textOf(page, ".past"), /Teksten er en anden nu\.[^]*/);
    assert.ok((await textOf(page, ".past")).includes(was.split("\n")[0]));
    await promises(page);
    await page.goto(`${rule}/versions`);
    assert.match(await textOf(page, "table ins"), /Teksten er en anden nu/);
    await promises(page);
    await page.goto(`/on${rule}/history`);
    await page.fill("#as_of", "1.6.2026");
    await page.click('main form button:text("Vis")');
    assert.match(await textOf(page, ".notice"), /som den var/);
    assert.doesNotMatch(await textOf(page, ".facts"), /Teksten er en anden nu/);
    await promises(page);
  });
}
