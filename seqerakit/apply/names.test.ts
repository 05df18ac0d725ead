import { describe, expect, it } from "vitest";
import { goesBy, isRetired, LONGEST_NAME, retiredName, successorName } from "./names.ts";

const id = "4DC7kLm9aaaabbbbccccdd";

describe("names of compute environments", () => {
  it.each([
    ["cpu", true],
    ["cpu-0a1b2c3d", true],
    ["cpu-arm", false],
    ["cpu-0a1b2c3d4", false],
    ["cpu-retired-4DC7kLm9", false],
    ["my-cpu", false],
  ])("%s goes by cpu: %s", (name, does) => {
    expect(goesBy({ id, name }, "cpu")).toBe(does);
  });

  it.each([
    ["cpu-retired-4DC7kLm9", true],
    ["cpu-retired-4DC7kLm8", false],
    ["cpu-retired", false],
    ["cpu", false],
  ])("%s is a replaced one's: %s", (name, is) => {
    expect(isRetired({ id, name })).toBe(is);
  });

  it("are never longer than the Platform allows", () => {
    const longest = "n".repeat(LONGEST_NAME);
    expect(retiredName(longest, id)).toHaveLength(100);
    expect(successorName(longest, "0a1b2c3d4e5f").length).toBeLessThanOrEqual(100);
  });
});
