import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isAlive } from "./alive.ts";
import { startChild } from "./children.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "children-"));
});
afterEach(() => rm(folder, { recursive: true }));
const options = () => ({ cwd: folder, env: process.env, log: join(folder, "log") });

const SAYS_PID = "echo $$; echo later; while true; do sleep 0.05; done";

test("the first line is handed over, the rest is logged, and stop ends it", async () => {
  const child = await startChild("talker", "/bin/sh", ["-c", SAYS_PID], options());
  const pid = Number(child.firstLine);
  expect(isAlive(pid)).toBe(true);
  await child.stop();
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  expect(await readFile(join(folder, "log"), "utf8")).toContain("later");
});

test("a child that ends before its first line is an error with its own words", async () => {
  const failing = startChild("broken", "/bin/sh", ["-c", "echo 'no such port' >&2; exit 3"], options());
  await expect(failing).rejects.toThrow(
    `broken ended at once (exit code 3); ${folder}/log says:\nno such port`,
  );
});

test("a child does not outlive a parent that was killed", async () => {
  const script = `import { startChild } from ${JSON.stringify(join(import.meta.dirname, "children.ts"))};
    const child = await startChild("orphan", "/bin/sh", ["-c", ${JSON.stringify(SAYS_PID)}], ${JSON.stringify({ ...options(), env: { PATH: process.env.PATH } })});
    console.log(child.firstLine);
    setInterval(() => {}, 1000);`;
  const parent = execa(process.execPath, ["--input-type=module-typescript", "-e", script], { reject: false });
  const pid = await new Promise<number>((resolve, reject) => {
    parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString())));
    void parent.then(({ stderr }) => reject(new Error(stderr)));
  });
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  await parent;
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5_000);
  expect(existsSync(join(folder, "log"))).toBe(true);
});
