// The people of the demo municipality who take part in the journeys, and how they find their way.
import assert from "node:assert/strict";

const person = (name) => ({ mail: `${name}@nordkyst.example`, password: "nordkyst-demo-2026" });

export const coordinator = person("maria.friis");
export const director = person("henrik.dalgaard");
export const areaDirector = person("mette.noergaard");
export const manager = person("susanne.krogh");
export const systemOwner = person("rasmus.bonde");
export const employee = person("sofie.winther");
export const committee = person("anders.holm");
export const dpo = person("camilla.bech");
export const council = person("niels.overgaard");
export const auditor = person("peter.vestergaard");
export const administrator = person("jonas.toft");

// everybody is each of them, under the name of the role.
export const everybody = { coordinator, director, areaDirector, manager, systemOwner, employee, committee, dpo, council, auditor, administrator };

// firstOf goes to a list and answers the address of its first record.
export async function firstOf(page, list) {
  await page.goto(list);
  return page.locator("table.list tbody a").first().getAttribute("href");
}

// menuOf is where the menu of the page leads.
export function menuOf(page) {
  return page.locator("nav.menu a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
}

// answersWith fails unless the address answers with the status.
export async function answersWith(page, address, status) {
  const response = await page.request.get(address, { maxRedirects: 0 });
  assert.equal(response.status(), status, address);
}

// textOf is the text of the one element, without the space around it, when all of the page is there.
export async function textOf(page, selector) {
  await page.waitForLoadState();
  return (await page.locator(selector).innerText()).trim();
}
