/** A few telling cells of the matrix; `npm run test:faults` tries them all. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { record, tryCell } from "./cell.ts";
import { findCell, parseCell } from "./plan.ts";
import type { Spot } from "./spot.ts";
import { openStage, type Stage } from "./stage.ts";

const CREATE = "rotation:aws iam:CreateAccessKey#1";
const PUSH = "rotation:platform PUT /api/credentials/ID#1";
const DELETE = "rotation:aws iam:DeleteAccessKey#1";

let stage: Stage;
let spots: Spot[];
beforeAll(async () => {
  stage = await openStage();
  spots = await record(stage, "rotation");
}, 120_000);
afterAll(() => stage.close(), 60_000);

describe("a rotation that fails at one call ends well with the next deployment", { timeout: 60_000 }, () => {
  it.each([
    `${CREATE}:drop-after`,
    `${CREATE}:kill-after`,
    `${PUSH}:500`,
    `${PUSH}:drop-after`,
    `${PUSH}:kill-before`,
    `${DELETE}:kill-before`,
  ])("%s", async (name) => {
    const { reasons, texts, prober } = await tryCell(stage, findCell(parseCell(name), spots));
    expect(reasons, texts.join("\n")).toEqual([]);
    expect(prober).toMatchObject({ refused: 0, calls: expect.toSatisfy((calls) => calls > 3) as number });
  });
});

it("hits the last call like it where a cell's own does not come", { timeout: 120_000 }, async () => {
  const cell = findCell(parseCell("rotation:platform GET /api/compute-envs#1:500"), spots);
  const outcome = await tryCell(stage, { ...cell, spot: { ...cell.spot, occurrence: 99 } });
  expect(outcome.reasons, outcome.texts.join("\n")).toEqual([]);
  expect(outcome.hitAt).toSatisfy((at) => at > 0 && at < 99);
});
