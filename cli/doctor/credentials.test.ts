import { readFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { parse } from "yaml";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FaultInjector } from "../../sandbox/services/faults.ts";
import { startOnePassword, type OnePasswordService } from "../../sandbox/services/onepassword/index.ts";
import { startPlugins } from "../../sandbox/plugins/main.ts";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { makeCanaryWorld } from "../../test/canary/seed.ts";
import { hiddenForms } from "../redaction/known.ts";
import { configRows } from "./config.ts";
import { credentialRows } from "./credentials.ts";
import type { ShownConfig } from "../stack/config.ts";
import type { StackConfig } from "../../config.ts";
import { Missing } from "../../secrets/index.ts";
import { need } from "./row.ts";
import { surroundingsHere } from "./surroundings.ts";
import { around, deadUrl, given, textsOf } from "./rows-for-tests.ts";
import { type ReadSettings, readBySteps } from "./settings.ts";

/** The program's own reading, on the real engine, of the sandbox's 1Password. */
const { seed } = makeCanaryWorld();
const faults = new FaultInjector();
const ROWS = [
  ...["OP_ACCOUNT", "1Password token", "1Password vault", "awsItem", "seqeraItem", "githubItem"],
  ...["awsAccessKeyIdField", "awsSecretAccessKeyField", "awsSessionTokenField", "seqeraTokenFields"],
  ...["seqeraWorkspaceIdField", "githubTokenFields"],
];
let vault: OnePasswordService;
let fresh: unknown;
let env: Record<string, string>;

beforeAll(async () => {
  const engine = await ensureEngine(silent);
  process.env.PATH = [dirname(engine.path), process.env.PATH].join(delimiter);
  vault = await startOnePassword({ faults, seed });
  const [plugin] = await startPlugins(["onepassword"]);
  env = {
    PULUMI_DEBUG_PROVIDERS: `onepassword:${plugin?.port}`,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  fresh = await vault.snapshot();
}, 60_000);
beforeEach(async () => {
  faults.clear();
  await vault.restore(structuredClone(fresh));
});
afterAll(() => vault.close());

/** nf-core's settings as the engine shows them, with this vault. */
function shownWith(changes: Record<string, string | undefined> = {}): ShownConfig {
  const read = (path: string) => parse(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
  const defaults = Object.entries(read("Pulumi.yaml").config)
    .filter(([key]) => !key.includes(":"))
    .map(([key, each]) => [`AWSMegatests:${key}`, (each as { default: unknown }).default] as const);
  const connect = {
    "pulumi-onepassword:connect_host": vault.url,
    "pulumi-onepassword:connect_token": seed.connectToken,
  };
  const all = { ...Object.fromEntries(defaults), ...read("Pulumi.dev.yaml").config, ...connect, ...changes };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key,
        { value: typeof value === "string" ? value : JSON.stringify(value), secret: key.endsWith("token") },
      ]),
  );
}

async function rows(
  changes: Record<string, string | undefined> = {},
  variables: Record<string, string> = {},
  milliseconds = 5000,
) {
  const shown = shownWith(changes);
  const place = { folder: process.cwd(), stack: "dev", env };
  const read = Promise.resolve(readBySteps(place, Promise.resolve(shown), milliseconds));
  const values: string[] = [];
  const texts = await textsOf((checkup) => {
    const config = configRows(checkup, { shown: given(shown), read });
    const here = around({ env: variables });
    const fields = credentialRows(checkup, {
      ...here,
      shown: given(shown),
      read,
      config,
      plugin: given(undefined),
    });
    for (const row of Object.values(fields))
      need(row).then(
        (value) => values.push(value),
        () => undefined,
      );
  });
  return { texts, values };
}

const noItem = (title: string, tried: string, setting: string) =>
  `fail: The vault has no such item, or the token may not read it.
vault: Dev
item: ${title}
tried: ${tried}
answered: invocation of onepassword:index/getItem:getItem returned an error: Client Error: Unable to read item, got error: Found 0 item(s) in vault "${(fresh as { vault: { id: string } }).vault.id}" with title "${title}"
mend: let the token's account read it in 1Password, or: pulumi config set AWSMegatests:${setting} TITLE`;

const noField = ({ item, has }: { item: string; has: string }, tried: string, set: string) =>
  `fail: The 1Password item has no such field with a value.
vault: Dev
item: ${item}
tried: ${tried}
has: ${has}
mend: add the field to the item in 1Password, or: pulumi config set AWSMegatests:${set}`;

const OTHERS_NOT = (because: string, names: string[]) =>
  Object.fromEntries(names.map((name) => [name, `not applicable: not checked: ${because} fails`]));

describe("settings and 1Password", () => {
  it("are well: each item read once, and no secret of theirs is printed from then on", async () => {
    const { texts, values } = await rows();
    expect(texts).toEqual({
      Config: "pass: 49 settings, all valid",
      "Environment files":
        "pass: seqerakit/compute-envs/cpu.yml\nseqerakit/compute-envs/gpu.yml\nseqerakit/compute-envs/arm.yml",
      OP_ACCOUNT: "pass: not set, nor is another variable that 1Password's provider refuses",
      "1Password token": "pass: pulumi-onepassword:connect_token, accepted by 1Password",
      "1Password vault": "pass: Dev",
      awsItem: "pass: AWS megatests",
      seqeraItem: "pass: Seqera Platform",
      githubItem: "pass: GitHub nf-core PA Token Pulumi",
      awsAccessKeyIdField: "pass: username",
      awsSecretAccessKeyField: "pass: password",
      awsSessionTokenField: "not applicable: no such field is named",
      seqeraTokenFields: "pass: credential or TOWER_ACCESS_TOKEN",
      seqeraWorkspaceIdField: "pass: AWSMegatests workspace ID",
      githubTokenFields: "pass: credential or token",
    });
    expect(values).toContain(seed.deployer.secretAccessKey);
    expect(Object.values(vault.reads())).toEqual([1, 1, 1]);
    const hidden = hiddenForms().map(({ text }) => text);
    for (const secret of [
      seed.deployer.secretAccessKey,
      seed.platformToken,
      seed.githubToken,
      seed.connectToken,
    ])
      expect(hidden).toContain(secret);
    expect(hidden).not.toContain(String(seed.workspaceId));
  });

  it("have a setting that is wrong: 1Password is not asked", async () => {
    const { texts } = await rows({ "AWSMegatests:rotation": "sometimes" });
    expect(texts.Config).toBe(`fail: 1 setting of stack dev needs mending:
AWSMegatests:rotation
found: "sometimes"
allowed: deployment or everyDays or manual
mend: pulumi config set AWSMegatests:rotation deployment`);
    expect(texts).toMatchObject(OTHERS_NOT("Config", ["Environment files", ...ROWS.slice(1)]));
    expect(vault.reads()).toEqual({});
  });

  it("name a file that is not there", async () => {
    const { texts } = await rows({
      "AWSMegatests:computeEnvironments": '["seqerakit/compute-envs/tpu.yml"]',
    });
    expect(texts["Environment files"]).toBe(`fail: A compute environment's file cannot be used.
file: ${process.cwd()}/seqerakit/compute-envs/tpu.yml
got: no file that can be read
allowed: a file in the project
mend: see AWSMegatests:computeEnvironments`);
    expect(texts["1Password token"]).toMatch(/^pass: /);
  });

  it("meet OP_ACCOUNT in the environment", async () => {
    const { texts } = await rows({}, { OP_ACCOUNT: "my.1password.com" });
    expect(texts.OP_ACCOUNT)
      .toBe(`fail: OP_ACCOUNT (environment variable): must be not set, because pulumi-onepassword:connect_host is: the 1Password provider refuses both together
mend: unset OP_ACCOUNT`);
    expect(texts).toMatchObject(OTHERS_NOT("OP_ACCOUNT", ROWS.slice(1)));
    expect(vault.reads()).toEqual({});
  });

  it("lack the token", async () => {
    const { texts } = await rows({
      "pulumi-onepassword:connect_host": undefined,
      "pulumi-onepassword:connect_token": undefined,
    });
    expect(texts["1Password token"]).toBe(`fail: pulumi-onepassword:service_account_token is not set
mend: pulumi config set --secret pulumi-onepassword:service_account_token`);
    expect(texts.Config).toContain("pulumi-onepassword:service_account_token\nfound: not set");
  });

  it("have a token that 1Password does not accept", async () => {
    const { texts } = await rows({ "pulumi-onepassword:connect_token": "of-somebody-else" });
    expect(texts["1Password token"])
      .toBe(`fail: 1Password does not accept it: Client Error: Unable to read vault, got error: status 401: Invalid bearer token
mend: pulumi config set --secret pulumi-onepassword:connect_token`);
    expect(texts).toMatchObject(OTHERS_NOT("1Password token", ROWS.slice(2)));
  });

  it("have a 1Password that does not answer", async () => {
    faults.add({ service: "onepassword", kind: "hang", times: 100 });
    const { milliseconds } = surroundingsHere();
    const begun = Date.now();
    const { texts } = await rows({}, {}, milliseconds);
    expect(Date.now() - begun).toBeLessThan(surroundingsHere().rowMilliseconds);
    expect(texts["1Password token"])
      .toBe(`fail: 1Password cannot be reached: 1Password gives no answer, so the deployment stops before it changes anything.
got: nothing for 4 seconds
mend: look whether it can be reached from here; else: pulumi config set pulumi-onepassword:connect_host URL`);
  });

  it("have a 1Password that nobody listens at", async () => {
    const dead = await deadUrl();
    const { texts } = await rows({ "pulumi-onepassword:connect_host": dead });
    expect(texts["1Password token"])
      .toBe(`fail: 1Password cannot be reached: Client Error: Unable to read vault, got error: fetch failed
mend: look whether it can be reached from here; else: pulumi config set pulumi-onepassword:connect_host URL`);
  });

  it.each([
    [500, "does not answer"],
    [503, "does not answer"],
    [429, "limits calls"],
  ])("have a 1Password that answers %i: the token is not to blame", async (status, what) => {
    faults.add({ service: "onepassword", kind: "status", status, times: 100 });
    const { texts } = await rows();
    expect(texts["1Password token"])
      .toBe(`fail: 1Password ${what}: Client Error: Unable to read vault, got error: status ${status}: Fault injected by the sandbox: HTTP ${status}
mend: try again later: npm run --silent megatests -- doctor`);
  });

  it("have a service account's token instead, which is accepted or not, and which OP_ACCOUNT is in the way of", async () => {
    const changes = {
      "pulumi-onepassword:connect_host": undefined,
      "pulumi-onepassword:connect_token": undefined,
      "pulumi-onepassword:service_account_token": "ops_of-somebody",
    };
    const met = await rows(changes, { OP_ACCOUNT: "my.1password.com" });
    expect(met.texts.OP_ACCOUNT)
      .toBe(`fail: OP_ACCOUNT (environment variable): must be not set, because pulumi-onepassword:service_account_token is: the 1Password provider refuses both together
mend: unset OP_ACCOUNT`);
    // The sandbox's plugin speaks Connect only: these stand for the kinds of answers there are.
    const shown = shownWith(changes);
    const token = async (seqeraTokenFields: Promise<string>) => {
      seqeraTokenFields.catch(() => undefined);
      const read = Promise.resolve({
        config: Promise.reject(new Error("not asked")),
        fields: { seqeraTokenFields } as ReadSettings["fields"],
        openVault: () => undefined,
      });
      read.then(
        ({ config }) => config.catch(() => undefined),
        () => undefined,
      );
      const texts = await textsOf((checkup) =>
        credentialRows(checkup, {
          ...{ ...around({ env: {} }), shown: given(shown), read, plugin: given(undefined) },
          config: given({ onepasswordVault: "Dev" } as StackConfig),
        }),
      );
      return texts["1Password token"];
    };
    const says = (answer: string) =>
      Promise.reject<string>(
        new Missing("vault", `There is no such vault.\n  answered: ${answer}\n  mend: x`),
      );
    expect(await token(Promise.resolve("eyJ"))).toBe(
      "pass: pulumi-onepassword:service_account_token, accepted by 1Password",
    );
    expect(await token(says("Client Error: (401) Unauthorized")))
      .toBe(`fail: 1Password does not accept it: Client Error: (401) Unauthorized
mend: pulumi config set --secret pulumi-onepassword:service_account_token`);
    expect(await token(says("Client Error: rate limit exceeded")))
      .toBe(`fail: 1Password limits calls: Client Error: rate limit exceeded
mend: try again later: npm run --silent megatests -- doctor`);
    expect(await token(says("dial tcp: lookup my.1password.com: no such host")))
      .toBe(`fail: 1Password cannot be reached: dial tcp: lookup my.1password.com: no such host
mend: look whether it can be reached from here`);
    expect(await token(says("the core was not found")))
      .toBe(`fail: 1Password cannot be asked: the core was not found
mend: put right what it names; if that is the token: pulumi config set --secret pulumi-onepassword:service_account_token`);
  });

  it("have AWS credentials that come from elsewhere", async () => {
    const { texts } = await rows({
      "AWSMegatests:awsCredentialSources": '[{"source":"web-identity"}]',
    });
    expect(texts).toMatchObject({
      awsItem: "not applicable: the AWS credentials come from elsewhere",
      awsAccessKeyIdField: "not applicable: not checked: awsItem is not applicable",
      awsSecretAccessKeyField: "not applicable: not checked: awsItem is not applicable",
      seqeraItem: "pass: Seqera Platform",
    });
  });

  it("name a vault that is not there", async () => {
    const { texts } = await rows({ "AWSMegatests:onepasswordVault": "Prod" });
    expect(texts["1Password token"]).toMatch(/^pass: /);
    expect(texts["1Password vault"]).toBe(`fail: There is no such vault, or the token may not read it.
vault: Prod
item: Seqera Platform
tried: "credential", "TOWER_ACCESS_TOKEN"
answered: invocation of onepassword:index/getVault:getVault returned an error: Client Error: No vault found with name '"Prod"'
mend: let the token's account read it in 1Password, or: pulumi config set AWSMegatests:onepasswordVault NAME`);
    expect(texts).toMatchObject(OTHERS_NOT("1Password vault", ROWS.slice(3)));
  });

  it("name items and fields that are not there, each in its own row", async () => {
    vault.removeItem("AWS megatests");
    vault.setField("Seqera Platform", "AWSMegatests workspace ID", " ");
    const { texts } = await rows({ "AWSMegatests:githubTokenFields": '["pat"]' });
    expect(texts.awsItem).toBe(noItem("AWS megatests", '"username"', "awsItem"));
    expect(texts).toMatchObject({
      ...OTHERS_NOT("awsItem", ["awsAccessKeyIdField", "awsSecretAccessKeyField"]),
      seqeraTokenFields: "pass: credential or TOWER_ACCESS_TOKEN",
      seqeraWorkspaceIdField: `fail: The 1Password item has no such field with a value.
vault: Dev
item: Seqera Platform
tried: "AWSMegatests workspace ID"
has: TOWER_ACCESS_TOKEN, credential
mend: add the field to the item in 1Password, or: pulumi config set AWSMegatests:seqeraWorkspaceIdField LABEL`,
      githubItem: "pass: GitHub nf-core PA Token Pulumi",
      githubTokenFields: `fail: The 1Password item has no such field with a value.
vault: Dev
item: GitHub nf-core PA Token Pulumi
tried: "pat"
has: credential, token
mend: add the field to the item in 1Password, or: pulumi config set --path 'AWSMegatests:githubTokenFields[0]' LABEL`,
    });
  });

  it("name the other items and fields that are not there", async () => {
    vault.removeItem("Seqera Platform");
    vault.removeItem("GitHub nf-core PA Token Pulumi");
    const { texts } = await rows({
      "AWSMegatests:awsAccessKeyIdField": "key id",
      "AWSMegatests:awsSecretAccessKeyField": "secret",
      "AWSMegatests:awsSessionTokenField": "session token",
    });
    expect(texts.seqeraItem).toBe(
      noItem("Seqera Platform", '"credential", "TOWER_ACCESS_TOKEN"', "seqeraItem"),
    );
    expect(texts.githubItem).toBe(
      noItem("GitHub nf-core PA Token Pulumi", '"credential", "token"', "githubItem"),
    );
    const aws = { item: "AWS megatests", has: "password, recovery code, username" };
    expect(texts.awsAccessKeyIdField).toBe(noField(aws, '"key id"', "awsAccessKeyIdField LABEL"));
    expect(texts.awsSecretAccessKeyField).toBe(noField(aws, '"secret"', "awsSecretAccessKeyField LABEL"));
    expect(texts.awsSessionTokenField).toBe(noField(aws, '"session token"', "awsSessionTokenField LABEL"));
  });

  it("name a field of the Platform's token that is not there", async () => {
    const { texts } = await rows({ "AWSMegatests:seqeraTokenFields": '["nothing"]' });
    expect(texts.seqeraTokenFields).toBe(
      noField(
        { item: "Seqera Platform", has: "AWSMegatests workspace ID, TOWER_ACCESS_TOKEN, credential" },
        '"nothing"',
        "seqeraTokenFields[0]' LABEL",
      ).replace("config set AWS", "config set --path 'AWS"),
    );
    expect(texts.seqeraItem).toBe("pass: Seqera Platform");
  });

  it("need no item of GitHub where nothing is published", async () => {
    vault.removeItem("GitHub nf-core PA Token Pulumi");
    const { texts } = await rows({ "AWSMegatests:publishToGithub": "false" });
    expect(texts).toMatchObject({
      githubItem: "not applicable: publishToGithub is false",
      githubTokenFields: "not applicable: not checked: githubItem is not applicable",
      seqeraTokenFields: "pass: credential or TOWER_ACCESS_TOKEN",
    });
  });
});
