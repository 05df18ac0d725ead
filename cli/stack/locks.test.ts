import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holding, readLocks, removeLock } from "./locks.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "locks-"));
});
afterEach(() => rm(folder, { recursive: true }));

const other = { pid: 7, username: "ann", hostname: "other", timestamp: "2026-05-05T12:00:00Z" };

test("locks are read and removed with what the engine keeps beside them", async () => {
  await writeFile(join(folder, "a.json"), JSON.stringify(other));
  await writeFile(join(folder, "a.json.attrs"), "{}");
  const locks = await readLocks(folder);
  expect(locks).toEqual([{ ...other, file: join(folder, "a.json"), holder: "elsewhere" }]);
  await removeLock(locks[0]!);
  expect(await readdir(folder)).toEqual([]);
});

test("where nothing was ever locked, there is no lock", async () => {
  expect(await readLocks(join(folder, "missing"))).toEqual([]);
});

test("holds the stack as the engine does, for as long as the work takes", async () => {
  const here = join(folder, "organization/P/stack");
  const seen = await holding(here, () => readLocks(here));
  expect(seen).toMatchObject([{ pid: process.pid, hostname: hostname(), holder: "running" }]);
  expect(await readdir(here)).toEqual([]);
  await expect(holding(here, () => Promise.reject(new Error("it broke")))).rejects.toThrow("it broke");
  expect(await readdir(here)).toEqual([]);
});

test("does nothing while somebody else holds the stack", async () => {
  await writeFile(join(folder, "a.json"), JSON.stringify(other));
  let worked = false;
  const tried = holding(folder, async () => (worked = true));
  await expect(tried).rejects.toThrow(
    new Error(`The stack is being deployed, so nothing is changed.
  got:     a lock of process 7 of ann@other, since 2026-05-05T12:00:00Z
  allowed: no deployment under way
  mend:    wait until it has ended, or end it with: kill -INT 7; then run the same command again`),
  );
  expect(worked).toBe(false);
  expect(await readdir(folder)).toEqual(["a.json"]);
});
