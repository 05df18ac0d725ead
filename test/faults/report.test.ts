import { expect, it } from "vitest";
import type { Outcome } from "./cell.ts";
import type { Fault } from "./fault.ts";
import { failuresText, matrixText, proberText } from "./report.ts";
import type { Spot } from "./spot.ts";

const spot: Spot = { n: 1, name: "aws iam:GetUser#1", method: "POST", pattern: "", occurrence: 1 };
const outcome = (fault: Fault, reasons: string[]): Outcome => ({
  ...{ cell: { part: "first", spot, fault }, reasons, seconds: 1, first: "ok", texts: [] },
  prober: { calls: 10, refused: 0, unanswered: 1 },
});
const outcomes = [outcome("500", []), outcome("kill-after", ["AWS has 2 access keys", "one\ntwo"])];

it("shows what has passed, what has failed, and what was not tried", () => {
  expect(matrixText({ part: "first", spots: [spot], outcomes })).toBe(
    `first: a first deployment on an empty world, with 1 compute environment
┌───┬───────────────────┬─────┬─────┬─────────────┬────────────┬──────────┬─────────────┬────────────┐
│ n │ call              │ 500 │ 429 │ drop-before │ drop-after │ time-out │ kill-before │ kill-after │
├───┼───────────────────┼─────┼─────┼─────────────┼────────────┼──────────┼─────────────┼────────────┤
│ 1 │ aws iam:GetUser#1 │  ✓  │  ·  │      ·      │     ·      │    ·     │      ·      │     ✗      │
└───┴───────────────────┴─────┴─────┴─────────────┴────────────┴──────────┴─────────────┴────────────┘
first: passed 1 of 2 tried`,
  );
});

it("says why a cell has failed, and how to try it alone", () => {
  expect(failuresText(outcomes)).toBe(`FAILED first:aws iam:GetUser#1:kill-after
  - AWS has 2 access keys
  - one
    two
  again: npm run test:faults -- --cell "first:aws iam:GetUser#1:kill-after"`);
});

it("adds up what the prober has seen", () => {
  expect(proberText(outcomes)).toBe("prober: calls made 20, refused 0, without an answer 2");
});
