import { expect, test } from "vitest";
import { portsIn } from "./plugin-set.ts";

test("one plugin prints a port, several print names and ports", () => {
  expect(portsIn(["aws"], "1234")).toEqual({ aws: 1234 });
  expect(portsIn(["aws", "github"], "aws:1,github:2\n")).toEqual({ aws: 1, github: 2 });
});

test.each([
  [["aws"], "Listening on 1234"],
  [["aws"], ""],
  [["aws", "github"], "aws:1"],
] as const)("%s with %j is an error that shows the line", (names, line) => {
  expect(() => portsIn([...names], line)).toThrow(
    `The plugins ${names.join(", ")} printed ${JSON.stringify(line)} where their ports were expected`,
  );
});
