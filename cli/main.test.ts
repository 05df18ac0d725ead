import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

function megatests(...args: string[]) {
  const env = { MEGATESTS_SANDBOX: join(folder, "state"), NO_COLOR: "1" };
  return execa(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], { env, reject: false });
}

test.each(["up", "preview", "destroy", "status", "down", "reset"])(
  "sandbox %s has help with an example",
  async (name) => {
    const { stdout, exitCode } = await megatests("sandbox", name, "--help");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}npm run/);
  },
);

test.each([
  [["sandbox", "up", "--nonsense"], "error: unknown option '--nonsense'"],
  [["sandbox", "--plugin", "gcp=x"], "no plugin of the project is named gcp"],
  [
    ["sandbox", "--plugin", "aws=/nowhere"],
    "error: --plugin aws=/nowhere: neither a folder nor an executable file",
  ],
  [["sandbox", "--env-seconds", "soon"], "A number of seconds, 0 or more, is wanted."],
  [["recover", "--nonsense"], "error: unknown option '--nonsense'"],
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

test("recover has help with examples", async () => {
  const { stdout, exitCode } = await megatests("recover", "--help");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Examples:\n {2}npm run --silent megatests -- recover\n/);
});

test("recover outside a project says so", async () => {
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [join(import.meta.dirname, "main.ts"), "recover"],
    { cwd: folder, env: { NO_COLOR: "1", PULUMI_OPTION_CWD: folder }, reject: false },
  );
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(`error: There is no Pulumi project here.
  got:     ${folder}
  allowed: a folder with a Pulumi.yaml
  mend:    run the command in the project's folder`);
});
