import { expect, test } from "vitest";
import { WrongArgument } from "../../sandbox/parts.ts";
import { collectFault, killTheEngine, parseKill } from "./faults.ts";

test("rules are collected as they are given", () => {
  const one = collectFault('{"service":"github","kind":"hang","milliseconds":1500}', []);
  expect(collectFault('{"service":"any","kind":"drop-after","skip":3}', one)).toEqual([
    { service: "github", kind: "hang", milliseconds: 1500 },
    { service: "any", kind: "drop-after", skip: 3 },
  ]);
});

test.each([
  ["500", "Fault rule refused: ✖ Invalid input: expected object, received number"],
  [
    '{"service":"azure","kind":"hang"}',
    `Fault rule refused: ✖ Invalid option: expected one of "aws"|"platform"|"onepassword"|"github"|"sso"|"any"
             → at service`,
  ],
  ['{"service":"aws","kind":"status"}', "Fault rule refused: ✖ kind status needs a status"],
])("%s is no rule", (value, allowed) => {
  expect(() => collectFault(value, [])).toThrow(
    new WrongArgument(`--fault takes a rule as JSON.
  got:     ${value}
  allowed: ${allowed}
  mend:    --fault '{"service":"platform","method":"PUT","path":"^/api/credentials/","kind":"status","status":500}'`),
  );
});

test("what is no JSON is refused in the same words", () => {
  expect(() => collectFault("{", [])).toThrow(/^--fault takes a rule as JSON\.\n {2}got: {5}\{\n/);
});

test.each([
  ["1", { service: "any", kind: "signal-before", skip: 0 }],
  ["15:after", { service: "any", kind: "signal-after", skip: 14 }],
])("the engine is killed at %s", (value, rule) => {
  expect(parseKill(value)).toEqual(rule);
  expect(killTheEngine([parseKill(value)])).toBe(true);
});

test.each(["0", "-1", "1.5", "", "3:before", "soon"])("no engine is killed at %j", (value) => {
  expect(() => parseKill(value)).toThrow(
    new WrongArgument(`--kill-engine-at takes the number of a call.
  got:     ${value}
  allowed: N to kill the engine before the deployment's N-th call is handled, N:after to kill it once that took effect; N is 1 or more
  mend:    --kill-engine-at 15:after`),
  );
});

test("a rule that names its process group does not concern the engine", () => {
  expect(killTheEngine([{ service: "aws", kind: "signal-after", pid: 4711 }])).toBe(false);
});
