import { expect, it } from "vitest";
import { atLeast, versionIn } from "./words.ts";

it.each([
  ["22.18.0", "22.18.0", true],
  ["22.9.0", "22.18.0", false],
  ["22.18", "22.18.0", true],
  ["22", "22.18.0", false],
  ["23", "22.18.0", true],
  ["v24.1.0-rc.1", "22.18.0", true],
  ["3.258.0", "3.99.0", true],
  ["unknown", "22.18.0", false],
  ["", "22.18.0", false],
  ["22.18.0", "unknown", false],
])("%s is at least %s: %s", (version, oldest, is) => {
  expect(atLeast(version, oldest)).toBe(is);
});

it("finds the version in what a program says of itself", () => {
  expect(versionIn("Tower CLI version 0.38.0 (build 1a2b)")).toBe("0.38.0");
  expect(versionIn("no version is set")).toBeUndefined();
});
