import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seal, unseal } from "./sealed.ts";

let folder: string;
let file: string;
let key: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-"));
  file = join(folder, "world");
  key = join(folder, "world.key");
});
afterEach(() => rm(folder, { recursive: true }));

test("what was sealed comes back, and is not in clear on the disk", async () => {
  await seal(file, key, { token: "canary-secret" });
  expect(await unseal(file, key)).toEqual({ token: "canary-secret" });
  expect((await readFile(file)).includes("canary-secret")).toBe(false);
  for (const each of [file, key]) expect((await stat(each)).mode & 0o777).toBe(0o600);
});

test("there is nothing before anything was sealed", async () => {
  expect(await unseal(file, key)).toBeUndefined();
});

test("a changed file and a lost key are refused, with the way out", async () => {
  await seal(file, key, { a: 1 });
  const sealed = await readFile(file);
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  await writeFile(file, sealed);
  await expect(unseal(file, key)).rejects.toThrow(
    `${file} cannot be read with ${key}: one of the two is missing, changed or of another sandbox.\n` +
      `Begin anew with: npm run sandbox -- reset`,
  );
  await rm(key);
  await expect(unseal(file, key)).rejects.toThrow("cannot be read");
});
