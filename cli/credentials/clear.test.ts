import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { getSSOTokenFilepath } from "@smithy/core/config";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { pythonForTests } from "../../sandbox/services/aws/python-for-tests.ts";
import { openTerminal } from "../../test/terminal/terminal.ts";
import { removeConfig, setConfig } from "../stack/config.ts";
import { makeTestStack, type TestStack } from "./stack-for-tests.ts";

let stack: TestStack;
let session: string;
beforeAll(async () => {
  stack = await makeTestStack();
  const { folder } = stack.place;
  vi.stubEnv("HOME", folder);
  session = getSSOTokenFilepath("lab");
  vi.unstubAllEnvs();
  await mkdir(join(folder, ".aws"));
  await writeFile(
    join(folder, ".aws/config"),
    `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = eu-west-1
[profile good]
sso_session = lab
sso_account_id = 123456789012
sso_role_name = Deployer
[profile incomplete]
sso_session = lab
`,
  );
}, 120_000);
afterAll(() => stack.remove());

test("clears in a stack that cannot be deployed, and passes over a broken profile with a line", async () => {
  await mkdir(dirname(session), { recursive: true });
  await writeFile(session, JSON.stringify({ accessToken: "token", expiresAt: "2026-01-01T00:00:00Z" }));
  await setConfig(stack.place, {
    "Lab:awsCredentialSources[0].source": "sso",
    "Lab:awsCredentialSources[0].profile": "incomplete",
    "Lab:awsCredentialSources[1].source": "sso",
    "Lab:awsCredentialSources[1].profile": "good",
    "Lab:nonsense": "1",
  });
  const { exitCode, stdout, stderr } = await stack.credentials(["clear", "--yes"]);
  expect([exitCode, stdout, stderr]).toEqual([
    0,
    `To be removed:\n  session of AWS SSO: ${session}\nRemoved.`,
    `warning: passed over: AWS SSO profile incomplete
  The profile incomplete is none of AWS SSO with a session.
    got:     no sso_account_id, no sso_role_name
    allowed: sso_session, sso_account_id, sso_role_name, sso_start_url of the session, sso_region of the session
    mend:    npm run --silent megatests -- credentials setup`,
  ]);
  await expect(stat(session)).rejects.toThrow("ENOENT");
}, 60_000);

test("says that sources which cannot be read are passed over, and does not show them", async () => {
  await setConfig(stack.place, { "Lab:awsCredentialSources": "hush/hush/hush" });
  const { exitCode, stdout, stderr } = await stack.credentials(["clear", "--yes"]);
  expect([exitCode, stdout, stderr]).toEqual([
    0,
    "Nothing of stack dev is kept on this machine.",
    "warning: passed over: Lab:awsCredentialSources\n  it cannot be used: a value, not shown",
  ]);
}, 60_000);

test("removes nothing without a yes: where nobody can be asked that is wrong use, a no is a failure", async () => {
  await mkdir(dirname(session), { recursive: true });
  await writeFile(session, JSON.stringify({ accessToken: "token", expiresAt: "2026-01-01T00:00:00Z" }));
  await removeConfig(stack.place, ["Lab:awsCredentialSources"]);
  await setConfig(stack.place, {
    "Lab:awsCredentialSources[0].source": "sso",
    "Lab:awsCredentialSources[0].profile": "good",
  });
  const { exitCode, stderr } = await stack.credentials(["clear"]);
  expect([exitCode, stderr]).toEqual([
    2,
    `error: Nothing is removed, for nobody has agreed to it.
  got:     no --yes, and no terminal to ask at
  allowed: a yes to what is listed above, at a terminal or by --yes
  mend:    npm run --silent megatests -- credentials clear --yes --stack dev`,
  ]);
  const main = join(import.meta.dirname, "../main.ts");
  const command = [process.execPath, main, "credentials", "clear"];
  const terminal = openTerminal(await pythonForTests(), command, stack.env, stack.place.folder);
  await terminal.sees("Remove this? [y/N]");
  terminal.answers("n");
  await terminal.sees(`error: Nothing is removed.
  got:     a no
  allowed: a yes to what is listed above, at a terminal or by --yes
  mend:    npm run --silent megatests -- credentials clear --yes --stack dev`);
  expect(await terminal.ended).toBe(1);
  expect((await stat(session)).isFile()).toBe(true);
}, 60_000);
