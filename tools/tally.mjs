// Reads `go test -json` and prints what a person needs: a line a package, the output of what failed. The numbers go
// to the file named as the argument. Exits 1 when anything failed, also a package that did not compile.
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const count = { pass: 0, fail: 0, skip: 0 };
const output = new Map();
const packages = { pass: 0, fail: 0 };
const keyOf = (event) => `${event.Package ?? event.ImportPath} ${event.Test ?? ""}`;

for await (const line of createInterface({ input: process.stdin })) {
  const event = read(line);
  if (!event) continue;
  const key = keyOf(event);
  if (event.Action === "output" || event.Action === "build-output") {
    output.set(key, (output.get(key) ?? "") + event.Output);
  } else if (event.Action === "build-fail") {
    console.log(output.get(key) ?? "");
  } else if (event.Test && event.Action in count) {
    count[event.Action]++;
    if (event.Action === "fail") console.log(output.get(key));
    output.delete(key);
  } else if (!event.Test && event.Action in packages) {
    packages[event.Action]++;
    console.log(`${event.Action === "pass" ? "ok  " : "FAIL"} ${event.Package} ${event.Elapsed ?? 0} s`);
    if (event.Action === "fail") console.log(output.get(key) ?? "");
  }
}
writeFileSync(process.argv[2], `${count.pass} passed, ${count.fail} failed, ${count.skip} skipped (with subtests) in ${packages.pass + packages.fail} packages\n`);
process.exitCode = count.fail + packages.fail > 0 ? 1 : 0;

// What is no JSON is a word from the go command itself, and is passed on.
function read(line) {
  try {
    return JSON.parse(line);
  } catch {
    console.log(line);
    return null;
  }
}
