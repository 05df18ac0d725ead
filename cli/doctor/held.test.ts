import { expect, it } from "vitest";
import type { StackConfig } from "../../config.ts";
import { hiddenForms } from "../redaction/known.ts";
import { held } from "./held.ts";
import { need } from "./row.ts";
import { around, given } from "./rows-for-tests.ts";

const env = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "hush-of-the-environment" };
const config = {
  ...{ awsCredentialSources: [{ source: "environment" }], env, awsEndpoints: {}, awsSessionTokenField: "" },
} as unknown as StackConfig;
const fields = { config: given(config), keyId: given(""), secret: given(""), sessionToken: given("") };

it("holds what the source gives in the check-up's context, and lets none of it be printed", async () => {
  const here = around();
  const finding = await held({ ...fields, ...here });
  expect(finding).toMatchObject({ state: "pass", found: "access key AKIAEXAMPLE, of environment variables" });
  const { provider } = await need({ ...given(undefined), finding: Promise.resolve(finding) });
  expect((await provider()).secretAccessKey).toBe(env.AWS_SECRET_ACCESS_KEY);
  expect(hiddenForms().map(({ text }) => text)).toContain(env.AWS_SECRET_ACCESS_KEY);
  here.awsContext.clear();
  await expect(provider()).rejects.toThrow("These credentials were cleared");
});
