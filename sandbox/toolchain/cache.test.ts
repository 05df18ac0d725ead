import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheFolder, locked, prepareOnce } from "./cache.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cache-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("two that ask at once get one preparation", async () => {
  const target = join(folder, "part");
  let made = 0;
  const make = async (at: string) => {
    made++;
    await sleep(50);
    await writeFile(join(at, "file"), "content");
    return { made };
  };
  const [one, other] = await Promise.all([prepareOnce(target, make), prepareOnce(target, make)]);
  expect(made).toBe(1);
  expect([one.fresh, other.fresh].sort()).toEqual([false, true]);
  expect(one.facts).toEqual({ made: 1 });
  expect(other.facts).toEqual({ made: 1 });
  expect(existsSync(`${target}.lock`)).toBe(false);
});

test("what a killed run has left half done is done anew", async () => {
  const target = join(folder, "part");
  await mkdir(target);
  await writeFile(join(target, "half"), "");
  const { fresh } = await prepareOnce(target, async (at) => {
    expect(existsSync(join(at, "half"))).toBe(false);
    return {};
  });
  expect(fresh).toBe(true);
});

test("after a failure the next one tries again", async () => {
  const target = join(folder, "part");
  await expect(prepareOnce(target, () => Promise.reject(new Error("no network")))).rejects.toThrow(
    "no network",
  );
  const { facts } = await prepareOnce(target, async () => ({ done: true }));
  expect(facts).toEqual({ done: true });
  expect(JSON.parse(await readFile(join(target, ".complete.json"), "utf8"))).toEqual({ done: true });
});

test("a lock of a process that is gone does not block for ever", async () => {
  const lock = join(folder, "lock");
  await mkdir(lock);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(lock, longAgo, longAgo);
  expect(await locked(lock, async () => "in")).toBe("in");
});

test("who has to wait says so once", async () => {
  const lock = join(folder, "lock");
  let waited = 0;
  const order: string[] = [];
  await Promise.all([
    locked(lock, async () => {
      await sleep(400);
      order.push("first");
    }),
    sleep(50).then(() =>
      locked(
        lock,
        async () => {
          order.push("second");
        },
        () => waited++,
      ),
    ),
  ]);
  expect(order).toEqual(["first", "second"]);
  expect(waited).toBe(1);
});

test("MEGATESTS_CACHE says where", () => {
  expect(cacheFolder({ MEGATESTS_CACHE: "/some/where" })).toBe("/some/where");
  expect(cacheFolder({})).toContain("awsmegatests");
});
