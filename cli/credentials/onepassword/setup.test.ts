/** What setup does before and after 1Password is asked; its cloud, with a service account, is not to be had in tests. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig, setConfig, setSecret } from "../../stack/config.ts";
import { makeTestStack, type TestStack } from "../stack-for-tests.ts";
import { writeSettings } from "./write.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await makeTestStack();
  // No plugin is there, and none is fetched: what the engine says then is what a machine without it shows.
  stack.place.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
}, 120_000);
afterAll(() => stack.remove());

const TOKEN = "ops_eyJzaWduSW5BZGRyZXNzIjoi";
const SERVICE_ACCOUNT = ["setup", "--how", "1password", "--onepassword", "service-account", "--vault", "Dev"];
const refused = `--token-file cannot be used.
  got:     a value, not shown
  allowed: a service account's token, which begins with ops_
  mend:    run it again with another --token-file, or without it at a terminal`;
const notStarted = `  asking 1Password …
error: 1Password cannot be asked: the engine does not start its provider.
  got:     no resource plugin 'pulumi-resource-onepassword' found in the workspace at version v1.1.3 or on your $PATH from github://api.github.com/1Password/pulumi-onepassword
  allowed: the plugin that this version of the project works with
  mend:    npm run --silent megatests -- doctor --fix`;

test("a service account's token is looked at before 1Password is asked", async () => {
  const { exitCode, stdout, stderr } = await stack.credentials(
    [...SERVICE_ACCOUNT, "--token-file", "-"],
    "not-a-token-of-a-service-account",
  );
  expect([exitCode, stdout, stderr]).toEqual([2, "", `error: ${refused}`]);
}, 60_000);

test("a good one is taken from standard input; where the provider is missing, that is said, and nothing is written", async () => {
  const { exitCode, stdout, stderr } = await stack.credentials(
    [...SERVICE_ACCOUNT, "--token-file", "-"],
    `${TOKEN}\n`,
  );
  expect([exitCode, stdout, stderr]).toEqual([1, "", notStarted]);
  expect((await readConfig(stack.place)).has("pulumi-onepassword:service_account_token")).toBe(false);
}, 60_000);

test("a good one is taken from a variable", async () => {
  stack.place.env.MY_TOKEN = TOKEN;
  const byVariable = await stack.credentials([...SERVICE_ACCOUNT, "--token-env", "MY_TOKEN"]);
  expect([byVariable.exitCode, byVariable.stderr]).toEqual([1, notStarted]);
}, 60_000);

test("a service account takes the place of a Connect server in the config, its token encrypted", async () => {
  const { place } = stack;
  await setConfig(place, { "pulumi-onepassword:connect_host": "https://connect.example.org" });
  await setSecret(place, "pulumi-onepassword:connect_token", "a-token-of-the-server");
  await writeSettings(place, { serviceAccountToken: TOKEN }, await readConfig(place), {
    "Lab:onepasswordVault": "Dev",
    "Lab:seqeraTokenFields[0]": "token",
  });
  const config = await readConfig(place);
  expect(["connect_host", "connect_token"].map((key) => config.has(`pulumi-onepassword:${key}`))).toEqual([
    false,
    false,
  ]);
  expect(config.get("pulumi-onepassword:service_account_token")).toBeUndefined();
  expect(await config.reveal("pulumi-onepassword:service_account_token")).toBe(TOKEN);
  expect([config.get("Lab:onepasswordVault"), config.get("Lab:seqeraTokenFields")]).toEqual([
    "Dev",
    '["token"]',
  ]);
  expect(await readFile(join(place.folder, "Pulumi.dev.yaml"), "utf8")).not.toContain("ops_");
}, 60_000);
