/** Faults as an operator of the sandbox asks for them, from the command line to the engine's end. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withoutAccounts } from "../../sandbox/environment.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "faults-"));
});
afterAll(async () => {
  await sandbox("reset");
  await rm(folder, { recursive: true, force: true });
});

function sandbox(...args: string[]) {
  const env = { ...withoutAccounts(), MEGATESTS_SANDBOX: join(folder, "state"), NO_COLOR: "1" };
  return execa(process.execPath, ["cli/main.ts", "sandbox", ...args], {
    env,
    extendEnv: false,
    reject: false,
  });
}

it("kills the engine at the very first call, and says what is to be run", { timeout: 120_000 }, async () => {
  const { exitCode, stdout, stderr } = await sandbox("up", "--kill-engine-at", "1");
  expect(stderr).toMatch(
    /error: the engine was ended by SIGKILL\n {2}mend: {4}eval "\$\(npm run --silent sandbox -- preview --keep\)"; npm run --silent megatests -- recover$/,
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });

  const next = await sandbox("up");
  expect(next.stderr).toMatch(/error: the stack is currently locked by 1 lock\(s\)/);
  expect(next.exitCode).toBe(1);
});

it("names a fault that hit nothing, and deploys all the same", { timeout: 120_000 }, async () => {
  await sandbox("reset");
  const never = { service: "any", path: "^/never$", kind: "hang", skip: 0, times: 1 };
  const once = { service: "any", kind: "status", status: 503, skip: 20 };
  const faults = [never, once].flatMap((rule) => ["--fault", JSON.stringify(rule)]);
  const { exitCode, stderr } = await sandbox("up", ...faults);
  expect(exitCode, stderr).toBe(0);
  expect(stderr.match(/^warning: this fault .*$/gm)).toEqual([
    `warning: this fault has hit no call: ${JSON.stringify({ service: "any", path: "^/never$", skip: 0, times: 1, kind: "hang" })}`,
  ]);
});

it.each([
  ["--fault", "{}", "--fault takes a rule as JSON.\n  got:     {}\n  allowed: Fault rule refused: "],
  ["--kill-engine-at", "0", "--kill-engine-at takes the number of a call.\n  got:     0\n"],
])("refuses %s %s, before anything begins", async (option, value, words) => {
  const { exitCode, stdout, stderr } = await sandbox("up", option, value);
  expect(stderr).toContain(`error: ${words}`);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
});
