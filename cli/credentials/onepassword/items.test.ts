import { afterEach, describe, expect, test } from "vitest";
import type { ConfigFile } from "../../stack/config.ts";
import { makeProgress } from "../../progress.ts";
import { openAnswers } from "../answers.ts";
import { askFields } from "./items.ts";
import { KINDS } from "./kinds.ts";
import { namesOf } from "./look.ts";

const values: Record<string, string> = {};
const config: ConfigFile = {
  project: "Lab",
  has: (key) => key in values,
  get: (key) => values[key],
  reveal: async (key) => values[key],
};
const dialog = {
  ...{ config, answers: openAnswers([], false), progress: makeProgress({ write: () => undefined }) },
  place: { folder: "", stack: "dev" },
};
const github = KINDS.find(({ setting }) => setting === "githubItem")!;
const fields = (labels: string[], field: Record<string, string> = {}) =>
  askFields(github, "GitHub", { labels, temporaryKeys: [] }, { field }, dialog);
/** Of an item with an AWS key; it is a session's where `temporary`. */
const aws = (temporary: boolean, labels: string[], field: Record<string, string> = {}) =>
  askFields(KINDS[0]!, "AWS", { labels, temporaryKeys: temporary ? ["username"] : [] }, { field }, dialog);

test("a field that the config names, and the item has, is not asked for; another one is written", async () => {
  values["Lab:githubTokenFields"] = '["credential","token"]';
  expect(await fields(["token"])).toEqual({});
  expect(await fields(["pat", "token"], { githubTokenFields: "pat" })).toEqual({
    "Lab:githubTokenFields[0]": "pat",
  });
});

test.each(["ghp_hushhushhushhush", '{"token":"ghp_hushhushhushhush"}', '[{"token":1}]'])(
  "%s in place of a list of fields is refused, and not shown",
  async (value) => {
    values["Lab:githubTokenFields"] = value;
    await expect(fields(["token"])).rejects.toThrow(
      new Error(`Lab:githubTokenFields cannot be used.
  got:     a value, not shown
  allowed: a list of labels of fields
  mend:    pulumi config rm Lab:githubTokenFields; then run the same command again`),
    );
  },
);

describe("of an AWS key", () => {
  const KEY = { awsAccessKeyIdField: "username", awsSecretAccessKeyField: "password" };
  const NAMED = { "Lab:awsAccessKeyIdField": "username", "Lab:awsSecretAccessKeyField": "password" };
  const TOKEN = { awsSessionTokenField: "session" };
  const ALL = ["password", "session", "username"];
  afterEach(() => void delete values["Lab:awsSessionTokenField"]);

  test("is told by its value, of which nothing else is known afterwards", () => {
    const sections = [{ fields: [{ label: "session", value: "of-the-session" }] }];
    const item = { username: "ASIAEXAMPLE", password: "hush", credential: " ", sections };
    expect(namesOf(item)).toEqual({
      labels: ["password", "session", "username"],
      temporaryKeys: ["username"],
    });
  });

  test("a session token is not asked for, nor is one left named that is not there", async () => {
    expect(await aws(false, ALL, KEY)).toEqual(NAMED);
    values["Lab:awsSessionTokenField"] = "session";
    expect(await aws(false, ALL, KEY)).toEqual(NAMED);
    expect(await aws(false, ["password", "username"], KEY)).toEqual({
      ...NAMED,
      "Lab:awsSessionTokenField": "",
    });
  });

  test("that is temporary, the token's field is named, by a flag or by the config", async () => {
    expect(await aws(true, ALL, { ...KEY, ...TOKEN })).toEqual({
      ...NAMED,
      "Lab:awsSessionTokenField": "session",
    });
    values["Lab:awsSessionTokenField"] = "session";
    expect(await aws(true, ALL, KEY)).toEqual(NAMED);
  });

  test("that is temporary, a missing field is refused with what to give", async () => {
    await expect(aws(true, ALL, KEY)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("  got:     no --field awsSessionTokenField=LABEL\n"),
    });
    await expect(aws(true, ["password", "username"], KEY)).rejects.toMatchObject({
      exitCode: 2,
      message: `The item AWS has no field for a session token.
  got:     password, username, with a temporary key, which begins with ASIA, in username
  allowed: a field with the key's session token beside them, or a key that begins with AKIA
  mend:    add the field to the item in 1Password, then run the same command again; at no terminal with --field awsSessionTokenField=LABEL`,
    });
  });
});
