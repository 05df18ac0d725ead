import { expect, it } from "vitest";
import type { Call } from "../../sandbox/services/faults.ts";
import { FAULTS, kills, ruleOf } from "./fault.ts";
import { cellsOf, findCell, nameOf, parseCell, sample, WrongCell } from "./plan.ts";
import { spotsOf } from "./spot.ts";

const call = (service: Call["service"], method: string, path: string): Call => {
  return { n: 0, at: "", status: 200, service, method, path };
};
const spots = spotsOf([
  call("aws", "POST", "iam:CreateAccessKey"),
  call("platform", "PUT", "/api/credentials/0123456789ABCDEFGHIJab?workspaceId=1"),
  call("aws", "POST", "iam:CreateAccessKey"),
]);

it("names a call by what it asks and how often that was asked before, whatever the ids", () => {
  expect(spots).toEqual([
    {
      n: 1,
      name: "aws iam:CreateAccessKey#1",
      method: "POST",
      pattern: "^iam:CreateAccessKey$",
      occurrence: 1,
    },
    {
      ...{ n: 2, name: "platform PUT /api/credentials/ID#1", method: "PUT", occurrence: 1 },
      pattern: "^/api/credentials/[0-9A-Za-z]+$",
    },
    {
      n: 3,
      name: "aws iam:CreateAccessKey#2",
      method: "POST",
      pattern: "^iam:CreateAccessKey$",
      occurrence: 2,
    },
  ]);
});

it("hits that call of the deployment, once", () => {
  expect(ruleOf("429", spots[2]!)).toEqual({
    ...{ service: "any", method: "POST", path: "^iam:CreateAccessKey$", skip: 1 },
    ...{ kind: "status", status: 429, retryAfterSeconds: 1 },
  });
  expect(FAULTS.filter(kills)).toEqual(["kill-before", "kill-after"]);
});

it("draws the same cells by the same seed, others by another, and in their order", () => {
  const cells = cellsOf("rotation", spots);
  expect(cells).toHaveLength(21);
  const drawn = (seed: string) => sample(cells, 8, seed).map(nameOf);
  expect(drawn("1")).toEqual(drawn("1"));
  expect(drawn("1")).not.toEqual(drawn("2"));
  expect(drawn("1")).toEqual(cells.map(nameOf).filter((name) => drawn("1").includes(name)));
});

it.each(["rotation:aws iam:CreateAccessKey#2:drop-after", "rotation:3:drop-after"])("finds %s", (text) => {
  expect(findCell(parseCell(text), spots)).toEqual({ part: "rotation", spot: spots[2], fault: "drop-after" });
});

it("says which cells there are", () => {
  expect(() => parseCell("rotation:3:slow")).toThrow(
    new WrongCell(`There is no such cell.
  got:     rotation:3:slow
  allowed: PART:CALL:FAULT, with rotation, first, replacement for PART, 500, 429, drop-before, drop-after, time-out, kill-before, kill-after for FAULT, and for CALL a row's number or name
  mend:    npm run test:faults -- --cell "rotation:aws iam:CreateAccessKey#1:drop-after"`),
  );
  expect(() => findCell(parseCell("rotation:9:500"), spots)).toThrow(
    new WrongCell(`The part rotation makes no such call.
  got:     9
  allowed: 1 or aws iam:CreateAccessKey#1; 2 or platform PUT /api/credentials/ID#1; 3 or aws iam:CreateAccessKey#2`),
  );
});
