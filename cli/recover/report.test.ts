import { expect, test } from "vitest";
import { conclusion, itemsTable } from "./report.ts";
import type { RecoverReport } from "./recover.ts";

const item = {
  where: "AWS",
  found: "access key AKIA1: in the state, not in AWS",
  then: "another one is made",
} as const;
const report = (changes: Partial<RecoverReport>): RecoverReport => ({
  ...{ stack: "dev", end: "healthy", unlocked: true, found: [], left: [] },
  ...changes,
});

test.each<[RecoverReport, string]>([
  [
    report({}),
    "Stack dev needs no recovery: no lock, no pending operation, no access key that nobody works with.",
  ],
  [
    report({ left: [{ ...item, by: "pulumi up" }] }),
    "Stack dev needs no recovery: no lock, no pending operation, no access key that nobody works with.\nNext: pulumi up",
  ],
  [
    report({ end: "mended" }),
    "Stack dev is recovered: no lock, no pending operation, no access key that nobody works with.\nNext: pulumi up",
  ],
  [
    report({ unlocked: false }),
    "Stack dev needs no recovery: no pending operation, no access key that nobody works with.\nWhether it is locked cannot be seen from here; pulumi up says so.",
  ],
])("%j", (given, text) => {
  expect(conclusion(given)).toBe(text);
});

test("a table for people", () => {
  expect(itemsTable([{ ...item, by: "pulumi up" }])).toBe(
    `┌─────────────────┬──────────────────────────────────────────────┬──────────────────────────────────────────────┬───────────┐
│ where           │ found                                        │ what is done                                 │ by        │
├─────────────────┼──────────────────────────────────────────────┼──────────────────────────────────────────────┼───────────┤
│ AWS             │ access key AKIA1: in the state, not in AWS   │ another one is made                          │ pulumi up │
└─────────────────┴──────────────────────────────────────────────┴──────────────────────────────────────────────┴───────────┘`,
  );
});
