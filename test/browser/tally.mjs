// A reporter for node --test that writes one line: how many tests passed, failed and were skipped.

export default async function* tally(source) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite") continue;
    if (data.skip !== undefined) count.skipped++;
    else if (type === "test:pass") count.passed++;
    else count.failed++;
  }
  yield `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`;
}
