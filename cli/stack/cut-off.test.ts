import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cutOffNotes, removeNote } from "./cut-off.ts";

let folder: string;
let state: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cut-off-"));
  state = join(folder, "dev.json");
});
afterEach(() => rm(folder, { recursive: true }));

test("notes that are whole, or not there, are left alone", async () => {
  await writeFile(`${state}.attrs`, '{"md5":"x"}');
  expect(await cutOffNotes(state)).toEqual([]);
});

test.each(["", '{"user.cache_control":"'])("a note that ends at %j is found, and goes", async (text) => {
  await Promise.all([`${state}.attrs`, `${state}.bak.attrs`].map((path) => writeFile(path, text)));
  const found = await cutOffNotes(state);
  expect(found).toEqual([`${state}.attrs`, `${state}.bak.attrs`]);
  await Promise.all(found.map(removeNote));
  expect(await readdir(folder)).toEqual([]);
});
