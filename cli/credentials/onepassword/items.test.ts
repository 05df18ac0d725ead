import { expect, test } from "vitest";
import type { ConfigFile } from "../../stack/config.ts";
import { makeProgress } from "../../progress.ts";
import { openAnswers } from "../answers.ts";
import { askFields } from "./items.ts";
import { KINDS } from "./kinds.ts";

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
  askFields(github, "GitHub", labels, { field }, dialog);

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
