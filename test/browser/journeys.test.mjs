// Journeys through the demo municipality: one program and one browser for all of them, since filling a municipality
// takes longer than most journeys.
import { after, before, describe } from "node:test";
import { demo } from "./harness.mjs";
import { account } from "./journey-account.mjs";
import { codes } from "./journey-codes.mjs";
import { door } from "./journey-door.mjs";
import { feeding } from "./journey-feed.mjs";
import { handingOver } from "./journey-handover.mjs";
import { importing } from "./journey-import.mjs";
import { lists } from "./journey-lists.mjs";
import { programs } from "./journey-programs.mjs";
import { publishing } from "./journey-publishing.mjs";
import { reading } from "./journey-reading.mjs";
import { receipts } from "./journey-receipts.mjs";
import { records } from "./journey-record.mjs";
import { roles } from "./journey-roles.mjs";
import { searching } from "./journey-search.mjs";
import { spreadsheets } from "./journey-spreadsheet.mjs";
import { surfaces } from "./journey-surfaces.mjs";
import { tasks } from "./journey-tasks.mjs";
import { writing } from "./journey-writing.mjs";

let world;

before(async () => {
  world = await demo();
});

after(() => world?.close());

const town = () => world;

describe("the door", () => door(town));
describe("one's own account", () => account(town));
describe("reading how the policy stands", () => reading(town));
describe("each role", () => roles(town));
describe("searching", () => searching(town));
describe("every kind of page", () => surfaces(town));
describe("lists", () => lists(town));
describe("reading and confirming", () => receipts(town));
describe("what waits for people", () => tasks(town));
describe("writing", () => writing(town));
describe("putting in force", () => publishing(town));
describe("what hangs on a record", () => records(town));
describe("the personnel file", () => feeding(town));
describe("what nobody owns", () => handingOver(town));
describe("programs", () => programs(town));
describe("importing a policy", () => importing(town));
describe("importing a spreadsheet", () => spreadsheets(town));
describe("demanded codes", () => codes(town));
