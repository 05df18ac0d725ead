/** On the real engine: what a config says afterwards is the engine's word. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { makeProgress } from "../progress.ts";
import { readConfig, removeConfig, setConfig, setSecret } from "../stack/config.ts";
import { askEngine, type StackPlace } from "../stack/place.ts";
import { openAnswers } from "./answers.ts";
import { nameSource } from "./name-source.ts";

let place: StackPlace;
beforeAll(async () => {
  const engine = await ensureEngine(silent);
  const folder = await mkdtemp(join(tmpdir(), "name-source-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: Lab\nruntime: nodejs\n");
  const env = {
    PATH: [dirname(engine.path), process.env.PATH].join(delimiter),
    ...{ PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" },
    PULUMI_CONFIG_PASSPHRASE: "a passphrase of a test",
  };
  place = { folder, stack: "dev", env };
  await askEngine({ ...place, stack: "" }, ["stack", "init", "dev"]);
});
afterAll(() => rm(place.folder, { recursive: true, force: true }));

const megatests = { source: "sso", profile: "megatests" } as const;
/** What is said, with the flag that lets the stack use it. */
const name = async (source: Parameters<typeof nameSource>[1], given?: boolean) => {
  const said: string[] = [];
  const progress = makeProgress({ write: (text: string) => said.push(text) });
  await nameSource(place, source, { answers: openAnswers([], false), progress, given });
  return said.join("");
};
const sources = async () => (await readConfig(place)).get("Lab:awsCredentialSources");

test("values arrive as they are, also those that look like flags; secrets are encrypted; keys can go", async () => {
  await setConfig(place, { "Lab:item": "--secret a=b", "Lab:fields[0]": "a b" });
  await setSecret(place, "Lab:token", "hush-hush-hush-hush");
  const config = await readConfig(place);
  expect([config.project, config.get("Lab:item"), config.get("Lab:fields")]).toEqual([
    "Lab",
    "--secret a=b",
    '["a b"]',
  ]);
  expect([config.has("Lab:token"), config.get("Lab:token")]).toEqual([true, undefined]);
  const file = await readFile(join(place.folder, "Pulumi.dev.yaml"), "utf8");
  expect(file).toMatch(/Lab:token:\n {4}secure: v1:/);
  expect(file).not.toContain("hush");
  await removeConfig(place, ["Lab:item", "Lab:fields", "Lab:token"]);
  expect((await readConfig(place)).has("Lab:token")).toBe(false);
}, 60_000);

test("where the config names nothing, 1Password is what it takes, and another source is named if that is wanted", async () => {
  expect(await name({ source: "onepassword" })).toBe("Stack dev takes its AWS credentials from 1Password.\n");
  expect(await name(megatests))
    .toBe(`Stack dev takes its AWS credentials from elsewhere: [{"source":"onepassword"}]
To let it take them from the profile megatests first:
    pulumi config set --path 'Lab:awsCredentialSources[0].source' sso
    pulumi config set --path 'Lab:awsCredentialSources[0].profile' megatests
`);
  expect(await sources()).toBeUndefined();
  expect(await name(megatests, true)).toBe(
    "Stack dev takes its AWS credentials from the profile megatests from now on.\n",
  );
  expect(JSON.parse((await sources()) ?? "")).toEqual([{ source: "sso", profile: "megatests" }]);
  expect(await name(megatests)).toBe("Stack dev takes its AWS credentials from the profile megatests.\n");
}, 60_000);

test("sources that the config names stay, whatever the flag says", async () => {
  const before = await sources();
  expect(await name({ source: "sso", profile: "other" }, true)).toContain(
    "To let it take them from the profile other first:",
  );
  expect(await sources()).toBe(before);
}, 60_000);
