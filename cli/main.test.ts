import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DoctorReport } from "./doctor/report.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

function megatests(...args: string[]) {
  const env = { MEGATESTS_SANDBOX: join(folder, "state"), NO_COLOR: "1" };
  return execa(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], { env, reject: false });
}

test.each([
  [["sandbox", "up", "--nonsense"], "error: unknown option '--nonsense'"],
  [["sandbox", "--plugin", "gcp=x"], "no plugin of the project is named gcp"],
  [
    ["sandbox", "--plugin", "aws=/nowhere"],
    "error: --plugin aws=/nowhere: neither a folder nor an executable file",
  ],
  [["sandbox", "--env-seconds", "soon"], "A number of seconds, 0 or more, is wanted."],
  [["recover", "--nonsense"], "error: unknown option '--nonsense'"],
  [["doctor", "--nonsense"], "error: unknown option '--nonsense'"],
  [["status", "--watch", "0.5"], "A number of seconds, 2 or more, is wanted."],
  [["complete", "tcsh"], "Allowed choices are zsh, bash, fish, powershell."],
  [["complete"], "error: missing required argument 'shell'"],
  [["nonsense"], "error: unknown command 'nonsense'"],
])("%j ends with exit code 2 and says why", async (args, why) => {
  const { stderr, stdout, exitCode } = await megatests(...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(why);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
});

test("without services, status says so, down does nothing, and reset leaves nothing", async () => {
  const status = await megatests("sandbox", "status", "--json");
  expect(JSON.parse(status.stdout)).toEqual({ running: false, folder: join(folder, "state") });
  expect((await megatests("sandbox", "down")).stdout).toBe("The services were not running.");
  expect((await megatests("sandbox", "reset")).stdout).toBe(`${folder}/state is removed.`);
});

test.each(["recover", "status"])("%s outside a project says so", async (command) => {
  const { stdout, stderr, exitCode } = await outside(command);
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(`error: There is no Pulumi project here.
  got:     ${folder}
  allowed: a folder with a Pulumi.yaml
  mend:    run the command in the project's folder`);
});

test("doctor outside a project says so in its row, and counts nothing that hangs on it as passed", async () => {
  const { stdout, stderr, exitCode } = await outside("doctor", "--json");
  const { good, rows } = JSON.parse(stdout) as DoctorReport;
  expect([exitCode, good]).toEqual([1, false]);
  expect(rows.find(({ name }) => name === "Project")).toMatchObject({ state: "fail" });
  expect(rows.find(({ name }) => name === "Access keys")).toMatchObject({ state: "not applicable" });
  expect(stderr).toMatch(/^error: Not everything is there that a deployment needs\.\n {2}got: {5}.*Project/);
});

test("npx runs it in a clone", async () => {
  const { stdout, exitCode } = await execa("npx", ["--no", "--", "megatests", "--help"], {
    ...{ cwd: join(import.meta.dirname, ".."), env: { NO_COLOR: "1" }, reject: false },
  });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Usage: megatests /);
});

function outside(...args: string[]) {
  return execa(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    ...{ cwd: folder, env: { NO_COLOR: "1", PULUMI_OPTION_CWD: folder }, reject: false },
  });
}
