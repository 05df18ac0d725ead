/** On the real engine, with the program's own reading of the config. */
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Fault } from "../../fault.ts";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { hiddenForms } from "../redaction/known.ts";
import { setSecret } from "./config.ts";
import { askEngine, type StackPlace } from "./place.ts";
import { type OtherSources, readSettings } from "./settings.ts";

let place: StackPlace;
beforeAll(async () => {
  const engine = await ensureEngine(silent);
  const folder = await mkdtemp(join(tmpdir(), "settings-"));
  for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) await copyFile(file, join(folder, file));
  vi.stubEnv("PATH", [dirname(engine.path), process.env.PATH].join(delimiter));
  const env = {
    ...{ PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" },
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_CONFIG_PASSPHRASE: "a passphrase of a test",
  };
  place = { folder, stack: "dev", env };
  await askEngine({ ...place, stack: "" }, ["stack", "init", "dev"]);
  await setSecret(place, "pulumi-onepassword:service_account_token", "ops_of_a_test");
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(place.folder, { recursive: true, force: true });
});

/** What it ends with: there is no plugin of 1Password here. */
const ending = (other: OtherSources) => readSettings(place, other).catch((reason: unknown) => reason);

it("refuses another source that protects less than the stack demands", { timeout: 30_000 }, async () => {
  const source = { source: "dotenv", file: ".env" } as const;
  expect(await ending({ awsCredentialSources: [source], env: {} })).toEqual(
    new Fault("The source protects the AWS credentials less than the stack demands.", {
      got: "dotenv: plaintext",
      allowed: "sources that protect at least as leastCredentialProtection says: encrypted",
      mend: "choose another one; or let the stack be protected less: pulumi config set AWSMegatests:leastCredentialProtection plaintext",
    }),
  );
});

it("goes on with what is typed for one run, and is kept nowhere", { timeout: 30_000 }, async () => {
  const env = { AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "typed, and gone" };
  const { message } = (await ending({ awsCredentialSources: [{ source: "environment" }], env })) as Error;
  expect(message).toContain("onepassword");
  expect(message).not.toContain("leastCredentialProtection");
  expect(hiddenForms().map(({ text }) => text)).toContain(env.AWS_SECRET_ACCESS_KEY);
});
