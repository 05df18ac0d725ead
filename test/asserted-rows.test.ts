import { expect, it } from "vitest";
import { asserts } from "./asserted-rows.ts";

const code = `const KEYS = "Access keys";
const gone = (what: string) =>
  \`fail: \${what} is gone
mend: look\`;

it("is a test", async () => {
  const lockOf = async (pid: number) => (await rows(pid)).Lock;
  expect(texts).toEqual({ Clock: "pass: as AWS's", [KEYS]: "fail: both keys" });
  expect(texts.Stack).toBe(gone("it"));
  expect(await lockOf(1)).toBe("fail: locked");
  expect(other).toBe("fail: all alone");
});
`;
const ROWS = ["Clock", "Access keys", "Stack", "Lock"];

it.each([
  ["Clock", /as AWS's/g],
  ["Access keys", /both keys/g],
  ["Stack", /is gone/g],
  ["Lock", /locked/g],
])("finds that of %s it is asserted: %s, and of no other row", (row, text) => {
  expect(ROWS.filter((each) => asserts(code, ROWS, each, text))).toEqual([row]);
});

it("takes a text that is asserted of no row for none", () => {
  expect(ROWS.filter((each) => asserts(code, ROWS, each, /all alone/g))).toEqual([]);
});
