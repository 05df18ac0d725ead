import { hostname } from "node:os";
import { execa } from "execa";
import { expect, test } from "vitest";
import { holderOf, works } from "./holder.ts";

const NOW = Date.parse("2026-05-05T12:00:00Z");
const ago = (seconds: number) => NOW - seconds * 1000;

test.each<[string, string, number, boolean]>([
  ["began before it took the lock", "S    01:00\n", ago(50), true],
  ["began in the same second", "R 00:10", ago(10), true],
  ["began minutes later, with a number used again", "Ss 05:00", ago(600), false],
  ["has been there for days", "S+ 3-04:05:06", ago(3 * 86_400), true],
  ["has been there for hours, less than the lock", "S 01:00:00", ago(86_400), false],
  ["has ended, and nobody has asked after it", "Z 01:00", ago(50), false],
  ["is one that ps tells nothing of", "", ago(50), true],
])("a process that %s", (_what, ps, lockedAt, expected) => {
  expect(works(ps, lockedAt, NOW)).toBe(expected);
});

test("asks this machine of its own processes only", async () => {
  const claim = { username: "me", hostname: hostname(), timestamp: new Date().toISOString() };
  const ended = execa(process.execPath, ["--version"]);
  await ended;
  expect(await holderOf({ ...claim, pid: process.pid })).toBe("running");
  expect(await holderOf({ ...claim, pid: ended.pid! })).toBe("gone");
  expect(await holderOf({ ...claim, pid: process.pid, hostname: "another.example.org" })).toBe("elsewhere");
});
