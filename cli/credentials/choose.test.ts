import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { beforeEach, expect, it, vi } from "vitest";
import { hiddenForms } from "../redaction/known.ts";
import { chooseSource } from "./choose.ts";

const DOWN = "\u001b[B";
const ENTER = "\r";
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "megatests-home-"));
  await mkdir(join(home, ".aws"));
  vi.stubEnv("HOME", home);
  vi.stubEnv("AWS_CONFIG_FILE", undefined);
  return async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  };
});

const profile = (name: string) =>
  `[profile ${name}]\nsso_session = lab\nsso_account_id = 123456789012\nsso_role_name = Deployer\n`;

/** Answers the prompts at a terminal, each line once its question is there. */
async function answer(lines: [question: string, keys: string][]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  // A prompt ends its streams, which a terminal's do not mind; the next one asks at the same.
  output.end = () => output;
  let shown = "";
  output.on("data", (chunk: Buffer) => (shown += stripVTControlCharacters(chunk.toString())));
  const chosen = chooseSource({ input, output });
  for (const [question, keys] of lines) {
    await vi.waitFor(() => expect(shown).toContain(question));
    // Readline reads keys, not lines: each has to be seen on its own.
    for (const key of keys.match(/\u001b\[B|[^]/g) ?? []) {
      input.write(key);
      await sleep(5);
    }
  }
  return { chosen: await chosen, shown };
}

it("takes them for this run alone, and shows no secret, nor prints it from then on", async () => {
  const { chosen, shown } = await answer([
    ["AWS credentials are needed", ENTER],
    ["Access key id", `AKIAEXAMPLE${ENTER}`],
    ["Secret access key", ENTER],
    ["it is needed", `hush-hush${ENTER}`],
    ["Session token", `of-the-session${ENTER}`],
  ]);
  expect(chosen).toEqual({
    awsCredentialSources: [{ source: "environment" }],
    env: {
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "hush-hush",
      AWS_SESSION_TOKEN: "of-the-session",
    },
  });
  expect(shown).not.toMatch(/hush|of-the|toggle/);
  const hidden = hiddenForms().map(({ text }) => text);
  expect(hidden).toEqual(expect.arrayContaining(["hush-hush", "of-the-session"]));
});

it("takes a key without a session token", async () => {
  const { chosen } = await answer([
    ["AWS credentials are needed", ENTER],
    ["Access key id", `AKIAEXAMPLE${ENTER}`],
    ["Secret access key", `hush-hush${ENTER}`],
    ["Session token", ENTER],
  ]);
  expect(chosen).toMatchObject({ env: { AWS_SECRET_ACCESS_KEY: "hush-hush", AWS_SESSION_TOKEN: "" } });
});

it("does not take a temporary key without its session token", async () => {
  const { chosen, shown } = await answer([
    ["AWS credentials are needed", ENTER],
    ["Access key id", `ASIAEXAMPLE${ENTER}`],
    ["Secret access key", `hush-hush${ENTER}`],
    ["Session token of this temporary key", ENTER],
    ["it is needed", `of-the-session${ENTER}`],
  ]);
  expect(chosen).toMatchObject({
    env: { AWS_ACCESS_KEY_ID: "ASIAEXAMPLE", AWS_SESSION_TOKEN: "of-the-session" },
  });
  expect(shown).not.toMatch(/hush|of-the/);
});

it("offers the profiles of AWS SSO that there are", async () => {
  const file = `${profile("one")}[profile keys]\naws_access_key_id = AKIA\n${profile("two")}`;
  await writeFile(join(home, ".aws/config"), file);
  const { chosen, shown } = await answer([
    ["AWS credentials are needed", `${DOWN}${ENTER}`],
    ["Profile", `${DOWN}${ENTER}`],
  ]);
  expect(chosen).toEqual({ awsCredentialSources: [{ source: "sso", profile: "two" }], env: {} });
  expect(shown).not.toContain("keys");
});

it("leads to the guided setup, and passes over profiles where there are none", async () => {
  const { chosen, shown } = await answer([["AWS credentials are needed", `${DOWN}${ENTER}${DOWN}${ENTER}`]]);
  expect(chosen).toBe("setup");
  expect(shown).toContain("(there is none in ~/.aws/config)");
});
