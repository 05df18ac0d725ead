import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "credentials-"));
});
afterEach(() => rm(folder, { recursive: true }));

function credentials(...args: string[]) {
  const env = { HOME: folder, NO_COLOR: "1", PULUMI_OPTION_CWD: folder, AWS_CONFIG_FILE: "" };
  const main = join(import.meta.dirname, "../main.ts");
  const options = { cwd: folder, env, reject: false, stdin: "ignore" } as const;
  return execa(process.execPath, [main, "credentials", ...args], options);
}

test.each(["setup", "unlock"])("%s has help with examples and exit codes", async (name) => {
  const { stdout, exitCode } = await credentials(name, "--help");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`Examples:\n  npm run --silent megatests -- credentials ${name}\n`));
  expect(stdout).toContain("Exit codes: 0 ");
});

test.each([
  [["setup", "--how", "guess"], "Allowed choices are 1password, sso."],
  [["setup", "--field", "token"], "SETTING=LABEL is wanted, with a setting of awsAccessKeyIdField, "],
  [["setup", "--field", "bucket=x"], "SETTING=LABEL is wanted, with a setting of awsAccessKeyIdField, "],
  [["setup", "--token", "x"], "error: unknown option '--token'"],
  [["unlock", "--nonsense"], "error: unknown option '--nonsense'"],
])("%j ends with exit code 2 and says why", async (args, why) => {
  const { stderr, stdout, exitCode } = await credentials(...args);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(why);
});

test.each([["unlock"], ["setup", "--how", "1password"]])("%s outside a project says so", async (...args) => {
  const { stderr, stdout, exitCode } = await credentials(...args);
  expect([exitCode, stdout, stderr]).toEqual([
    1,
    "",
    `error: There is no Pulumi project here.
  got:     ${folder}
  allowed: a folder with a Pulumi.yaml
  mend:    run the command in the project's folder`,
  ]);
});
