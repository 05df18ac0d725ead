import { expect, it } from "vitest";
import { deploymentPart } from "./deployment.ts";

const AT = "2026-11-01T10:00:00.000Z";
const part = (result: string, pending = 0) =>
  deploymentPart(
    { kind: "update", result, startTime: AT },
    { pending: Array(pending).fill({ type: "creating", urn: "u" }) },
  );

it("agrees where the last deployment has succeeded", () => {
  expect(part("succeeded")).toEqual({
    lines: [[`update of ${AT}`, "succeeded: nothing changed"]],
    data: { kind: "update", result: "succeeded", at: AT, changes: {} },
    wrong: [],
  });
});

it.each([
  ["has failed", part("failed"), [{ found: "the last update has failed", mend: "pulumi up" }]],
  [
    "is under way",
    part("in-progress"),
    [{ found: `the update that began at ${AT} is under way`, mend: "wait for its end" }],
  ],
  [
    "has left operations",
    part("succeeded", 2),
    [{ found: "2 operations are pending", mend: "npm run --silent megatests -- recover" }],
  ],
  [
    "was never made",
    deploymentPart(undefined, { pending: [] }),
    [{ found: "the stack was never deployed", mend: "pulumi up" }],
  ],
])("does not agree where it %s", (_, { wrong }, expected) => {
  expect(wrong).toEqual(expected);
});
