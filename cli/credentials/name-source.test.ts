/** On the real engine: what a config says afterwards is the engine's word. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { sourceSetting } from "../../secrets/sources/index.ts";
import { hiddenForms } from "../redaction/known.ts";
import { makeProgress } from "../progress.ts";
import { readConfig, removeConfig, setConfig, setSecret } from "../stack/config.ts";
import type { StackPlace } from "../stack/place.ts";
import { openAnswers } from "./answers.ts";
import { nameSource } from "./name-source.ts";
import { makeTestStack, type TestStack } from "./stack-for-tests.ts";

const KEY = "Lab:awsCredentialSources";
let stack: TestStack;
let place: StackPlace;
beforeAll(async () => {
  stack = await makeTestStack();
  place = stack.place;
}, 120_000);
afterAll(() => stack.remove());

const megatests = { source: "sso", profile: "megatests" } as const;
/** What is said, with the flag that lets the stack use it. */
const name = async (source: Parameters<typeof nameSource>[1], given?: boolean, replace?: boolean) => {
  const said: string[] = [];
  const progress = makeProgress({ write: (text: string) => said.push(text) });
  await nameSource(place, source, { answers: openAnswers([], false), progress, given, replace });
  return said.join("");
};
const sources = async () => (await readConfig(place)).get(KEY);
/** The commands that were printed, run as they are. @returns what the config then names */
const follow = async (said: string) => {
  await stack.shell((said.match(/^ {4}.*$/gm) ?? []).join("\n"));
  return z.array(sourceSetting).parse(JSON.parse((await sources()) ?? ""));
};
const advice = (now: string, title: string, ...values: string[]) =>
  [
    `Stack dev takes its AWS credentials from elsewhere: ${now}`,
    `To let it take them from ${title} in place of that:`,
    `    pulumi config rm ${KEY} --stack dev`,
    ...values.map((value) => `    pulumi config set --path '${KEY}[0].${value} --stack dev`),
    "",
  ].join("\n");

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
  expect(hiddenForms().map(({ text }) => text)).not.toContain("hush-hush-hush-hush");
  expect([await config.reveal("Lab:token"), await config.reveal("Lab:item")]).toEqual([
    "hush-hush-hush-hush",
    "--secret a=b",
  ]);
  expect(hiddenForms().map(({ text }) => text)).toContain("hush-hush-hush-hush");
  expect(await config.reveal("Lab:nothing")).toBeUndefined();
  const file = await readFile(join(place.folder, "Pulumi.dev.yaml"), "utf8");
  expect(file).toMatch(/Lab:token:\n {4}secure: v1:/);
  expect(file).not.toContain("hush");
  await removeConfig(place, ["Lab:item", "Lab:fields", "Lab:token"]);
  expect((await readConfig(place)).has("Lab:token")).toBe(false);
}, 60_000);

test("where the config names nothing, 1Password is what it takes, and another source is named if that is wanted", async () => {
  expect(await name({ source: "onepassword" })).toBe("Stack dev takes its AWS credentials from 1Password.\n");
  const said = await name(megatests);
  expect(said).toBe(advice("onepassword", "the profile megatests", "source' sso", "profile' megatests"));
  expect(await sources()).toBeUndefined();
  expect(await follow(said)).toEqual([megatests]);
  await removeConfig(place, [KEY]);
  expect(await name(megatests, true)).toBe(
    "Stack dev takes its AWS credentials from the profile megatests from now on.\n",
  );
  expect(JSON.parse((await sources()) ?? "")).toEqual([megatests]);
  expect(await name(megatests)).toBe("Stack dev takes its AWS credentials from the profile megatests.\n");
}, 60_000);

test("sources that the config names stay, whatever the flag says; the commands that are printed put others in their place", async () => {
  const before = await sources();
  const other = await name({ source: "sso", profile: "other" }, true);
  expect(other).toBe(advice("sso", "the profile other", "source' sso", "profile' other"));
  expect(await sources()).toBe(before);
  const onePassword = await name({ source: "onepassword" }, true);
  expect(onePassword).toBe(advice("sso", "1Password", "source' onepassword"));
  expect(await follow(onePassword)).toEqual([{ source: "onepassword" }]);
}, 60_000);

test("sources that are to be replaced go, each with all it needed, but not without a yes", async () => {
  const roleArn = "arn:aws:iam::123456789012:role/deployer";
  const before = JSON.stringify([{ source: "assume-role", roleArn, with: { source: "web-identity" } }]);
  await stack.shell(`pulumi config set ${KEY} '${before}'`);
  const advised = advice(
    "assume-role with web-identity",
    "the profile megatests",
    "source' sso",
    "profile' megatests",
  );
  expect([await name(megatests, undefined, true), await name(megatests, false, true)]).toEqual([
    advised,
    advised,
  ]);
  expect(JSON.parse((await sources()) ?? "")).toEqual(JSON.parse(before));
  expect(await name(megatests, true, true)).toBe(
    "Stack dev takes its AWS credentials from the profile megatests from now on.\n",
  );
  expect(JSON.parse((await sources()) ?? "")).toEqual([megatests]);
}, 60_000);

test("a profile's name is one word of the commands, whatever is in it", async () => {
  const odd = { source: "sso", profile: "it's; odd" } as const;
  expect(await follow(await name(odd))).toEqual([odd]);
}, 60_000);

test("a source below another is told from one that is the same but for its profile", async () => {
  const roleArn = "arn:aws:iam::123456789012:role/deployer";
  const below = { source: "assume-role", roleArn, with: megatests };
  await stack.shell(`pulumi config set ${KEY} '${JSON.stringify([{ source: "web-identity" }, below])}'`);
  expect(await name(megatests)).toBe("Stack dev takes its AWS credentials from the profile megatests.\n");
  const said = await name({ source: "sso", profile: "other" });
  expect(said).toBe(
    advice("web-identity; assume-role with sso", "the profile other", "source' sso", "profile' other"),
  );
  expect(await follow(said)).toEqual([{ source: "sso", profile: "other" }]);
}, 60_000);

test.each([
  ["a key in place of a source", '{"aws_secret_access_key":"hush/hush/hush"}'],
  ["a key beside a source", '[{"source":"onepassword","secretAccessKey":"hush/hush/hush"}]'],
  ["what is no JSON at all", "hush/hush/hush"],
])(
  "%s is not shown, and is not written over",
  async (_what, value) => {
    await removeConfig(place, [KEY]);
    await setConfig(place, { [KEY]: value });
    expect(await name(megatests, true)).toBe(
      advice("a value, not shown", "the profile megatests", "source' sso", "profile' megatests"),
    );
    expect(await sources()).toBe(value);
  },
  60_000,
);

test("unlock does not show it either", async () => {
  const unlocked = await stack.credentials(["unlock"]);
  expect([unlocked.exitCode, unlocked.stdout, unlocked.stderr]).toEqual([
    1,
    "",
    `error: ${KEY} cannot be used.
  got:     a value, not shown
  allowed: a list of sources: onepassword; sso with profile; web-identity; environment; dotenv with file; assume-role with roleArn and with; secrets-manager with secretId and with
  mend:    npm run --silent megatests -- credentials setup; or name a profile: --profile NAME`,
  ]);
}, 60_000);

test("unlock's command to set up a profile is one that a shell takes", async () => {
  const { stderr } = await stack.credentials(["unlock", "--profile", "it's; odd"]);
  expect(stderr).toBe(`error: There is no profile it's; odd.
  allowed: a profile of AWS SSO in ~/.aws/config
  mend:    npm run --silent megatests -- credentials setup --how sso --profile 'it'\\''s; odd'`);
}, 60_000);

test("sources that are encrypted count, and stay", async () => {
  await setSecret(place, KEY, JSON.stringify([megatests]));
  expect(await name(megatests, true)).toBe(
    "Stack dev takes its AWS credentials from the profile megatests.\n",
  );
  const said = await name({ source: "onepassword" }, true);
  expect(said).toBe(advice("sso", "1Password", "source' onepassword"));
  expect(await readFile(join(place.folder, "Pulumi.dev.yaml"), "utf8")).toMatch(/Sources:\n {4}secure: v1:/);
  const { exitCode, stderr } = await stack.credentials(["unlock"]);
  expect([exitCode, stderr]).toEqual([
    1,
    `error: There is no profile megatests.
  allowed: a profile of AWS SSO in ~/.aws/config
  mend:    npm run --silent megatests -- credentials setup --how sso --profile megatests`,
  ]);
  expect(await follow(said)).toEqual([{ source: "onepassword" }]);
  expect((await stack.credentials(["unlock"])).stdout).toBe(
    "There is nothing to unlock: none of the stack's sources is AWS SSO.",
  );
}, 60_000);
