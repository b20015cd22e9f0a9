// What every browser journey stands on: the real program, a real browser, and the four promises that hold on every
// page: no accessibility fault, no error in the console, no request to anybody else, nothing forbidden by the policy.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const screens = fileURLToPath(new URL("screens/", import.meta.url));
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

// The two widths every page is looked at in.
export const widths = [1280, 320];

// demo starts bin/vaern on a new demo municipality and gives a world to visit; args are added to the command.
export async function demo(...args) {
  const data = await mkdtemp(join(tmpdir(), "vaern-browser-"));
  const command = [join(root, "bin/vaern"), "serve", "--demo", "--listen", "127.0.0.1:0", "--data", data, ...args];
  return open(command, { ready: "/readyz", cleanUp: () => rm(data, { recursive: true, force: true }) });
}

// open starts any program that prints its address, waits until it answers at `ready`, and opens a browser on it.
export async function open(command, { ready = "/", cleanUp = async () => {} } = {}) {
  const server = spawn(command[0], command.slice(1), { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true });
  try {
    const base = await addressOf(server);
    await answers(base + ready);
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    return new World(server, base, browser, cleanUp);
  } catch (problem) {
    await stop(server);
    await cleanUp();
    throw problem;
  }
}

// World is one running program and one browser. Close it in after().
class World {
  #server; #browser; #cleanUp;
  #visits = [];
  #signedIn = new Map();

  constructor(server, base, browser, cleanUp) {
    this.#server = server;
    this.#browser = browser;
    this.#cleanUp = cleanUp;
    this.base = base;
  }

  // visit opens a page in a browser of its own: {width: 1280, lang: "da", dark: false, script: true, as: {mail, password}}.
  // The page remembers every error, foreign request and breach of the content policy: see promises.
  async visit(path, { width = 1280, lang = "da", dark = false, script = true, as } = {}) {
    const context = await this.#browser.newContext({
      baseURL: this.base,
      viewport: { width, height: width < 768 ? 640 : 900 },
      locale: lang === "en" ? "en-GB" : "da-DK",
      timezoneId: "Europe/Copenhagen",
      colorScheme: dark ? "dark" : "light",
      javaScriptEnabled: script,
      storageState: as && (await this.#stateOf(as)),
    });
    context.setDefaultTimeout(60_000); // a busy machine is slow, not wrong
    const page = await context.newPage();
    this.#visits.push(context);
    watch(page, this.base);
    await page.goto(path);
    return page;
  }

  // tab opens another tab in the browser of a page, with the same session and the same drafts.
  async tab(page, path) {
    const other = await page.context().newPage();
    watch(other, this.base);
    await other.goto(path);
    return other;
  }

  // signIn fills the sign-in form of a page and waits for what comes after it.
  async signIn(page, { mail, password }) {
    await page.goto("/sign-in");
    await page.fill('input[name="mail"]', mail);
    await page.fill('input[name="password"]', password);
    await page.click('main form button[type="submit"]');
    await page.waitForURL((url) => url.pathname !== "/sign-in");
  }

  // Each person signs in once a world: hashing a password is slow on purpose.
  async #stateOf(person) {
    if (!this.#signedIn.has(person.mail)) {
      const context = await this.#browser.newContext({ baseURL: this.base });
      await this.signIn(await context.newPage(), person);
      this.#signedIn.set(person.mail, await context.storageState());
      await context.close();
    }
    return this.#signedIn.get(person.mail);
  }

  async close() {
    for (const context of this.#visits) await context.close();
    await this.#browser.close();
    await stop(this.#server);
    await this.#cleanUp();
  }
}

// loads does what leads to another page, and waits until all of that is there: a click alone waits until it begins.
export async function loads(page, act) {
  await Promise.all([page.waitForEvent("load"), act()]);
}

const seen = new WeakMap();

function watch(page, base) {
  const record = { errors: [], foreign: [] };
  seen.set(page, record);
  page.on("console", (message) => {
    // A page that answers 4xx on purpose is reported by Chromium as a failed load; journeys check the status themselves.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) record.errors.push(message.text());
  });
  page.on("pageerror", (problem) => record.errors.push(String(problem)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(data|blob|about):/.test(url)) record.foreign.push(url);
  });
  page.on("response", (response) => {
    const isAsset = new URL(response.url()).pathname.startsWith("/assets/");
    if (isAsset && response.status() >= 400) record.errors.push(`${response.status()} ${response.url()}`);
  });
}

// noConsoleErrors fails on errors since the page was opened; breaches of the content policy are among them.
export function noConsoleErrors(page) {
  assert.deepEqual(seen.get(page).errors, [], `errors on ${page.url()}`);
}

// noExternalRequests fails when the page has asked anybody but the program itself.
export function noExternalRequests(page) {
  assert.deepEqual(seen.get(page).foreign, [], `requests to others from ${page.url()}`);
}

// axe fails on any fault against WCAG 2.2 A or AA, naming rule, element and what to do; it answers how many rules passed.
// It waits for timers of the page, so it cannot look at one without script.
export async function axe(page) {
  await page.evaluate(axeSource);
  const timers = await Promise.race([page.evaluate(() => new Promise((ticks) => setTimeout(ticks, 0, true))), new Promise((late) => setTimeout(late, 60_000, false))]);
  assert.ok(timers, `${page.url()} runs no script: axe cannot look at it`);
  // Only faults are brought out of the browser: on a long page all that passed takes longer to carry than to check.
  const { violations, passed } = await page.evaluate(async (tags) => {
    const result = await globalThis.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return { violations: result.violations, passed: result.passes.length };
  }, wcag);
  const faults = violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}\n  ${node.target.join(" ")}\n  ${node.html}\n  ${node.failureSummary}`));
  assert.equal(faults.length, 0, `${faults.length} accessibility faults on ${page.url()}\n\n${faults.join("\n\n")}`);
  return passed;
}

// fits fails when the page must be scrolled sideways.
export async function fits(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= window, `${page.url()} is ${content} px wide in a window of ${window}`);
}

// promises checks all that must hold on every page.
export async function promises(page) {
  await page.waitForLoadState();
  await axe(page);
  await fits(page);
  noConsoleErrors(page);
  noExternalRequests(page);
}

// shot keeps a picture of the whole page in screens/, for people to look at.
export async function shot(page, name) {
  await mkdir(screens, { recursive: true });
  await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true, timeout: 60_000 });
}

// keys presses one key after another and answers what has the focus then: {tag, id, text}.
export async function keys(page, ...pressed) {
  for (const key of pressed) await page.keyboard.press(key);
  return page.evaluate(() => {
    const { tagName, id, textContent } = document.activeElement;
    return { tag: tagName.toLowerCase(), id, text: textContent.trim().slice(0, 80) };
  });
}

// tabTo presses Tab until what the selector says has the focus, as somebody without a mouse comes to it.
export async function tabTo(page, selector, most = 200) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`${most} times Tab does not reach ${selector} on ${page.url()}`);
}

function addressOf(server) {
  return new Promise((found, failed) => {
    let output = "";
    const late = setTimeout(() => failed(new Error(`the program was not ready within five minutes:\n${output}`)), 300_000);
    const read = (chunk) => {
      output += chunk;
      const [address] = output.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
      if (!address) return;
      clearTimeout(late);
      found(address);
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.on("error", failed);
    server.on("exit", (code) => failed(new Error(`the program ended with ${code} before it was ready:\n${output}`)));
  });
}

async function answers(url) {
  const end = Date.now() + 60_000;
  for (;;) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    assert.ok(Date.now() < end, `${url} did not answer within a minute`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

// stop ends the program and what it started, and waits for it.
async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null || !server.pid) return;
  const ended = new Promise((end) => server.once("exit", end));
  process.kill(-server.pid, "SIGTERM");
  const late = setTimeout(() => process.kill(-server.pid, "SIGKILL"), 10_000);
  await ended;
  clearTimeout(late);
}
