/** The stand-in plugins on the real engine, against the sandbox's own services. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  DeleteAccessKeyCommand,
  IAMClient,
  ListAccessKeysCommand,
  TagUserCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  PutBucketCorsCommand,
  PutBucketTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";
import { local } from "@pulumi/command";
import * as github from "@pulumi/github";
import * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type OpType, type Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startAws, type AwsService } from "../services/aws/gateway.ts";
import { pythonForTests } from "../services/aws/python-for-tests.ts";
import { FaultInjector } from "../services/faults.ts";
import { startGithub, type GithubService } from "../services/github/index.ts";
import { startOnePassword, type OnePasswordService } from "../services/onepassword/index.ts";
import { makeSeed } from "../services/seed.ts";
import { ensureEngine } from "../toolchain/engine.ts";
import { silent } from "../toolchain/report.ts";
import { pluginNames, startPlugins } from "./main.ts";

const seed = makeSeed();
const faults = new FaultInjector();
const services: { aws?: AwsService; github?: GithubService; onepassword?: OnePasswordService } = {};
let folder: string;
let stack: Stack;
let s3: S3Client;
let iam: IAMClient;
let world: { endpoint: string; github: string; connect: string };

/** What the program is to make this time; each test changes what it is about. */
const wanted = {
  trigger: "one",
  maxRetries: 3,
  actions: ["batch:DescribeJobs", "batch:SubmitJob"],
  commandValue: "first",
  commandTrigger: "same",
  commandFails: false,
  importBucket: true,
  tags: { team: "nf-core" } as Record<string, string>,
  extra: (): void => undefined,
};

function providerArgs(): aws.ProviderArgs {
  return {
    region: seed.region,
    accessKey: seed.deployer.accessKeyId,
    secretKey: seed.deployer.secretAccessKey,
    endpoints: [{ iam: world.endpoint, s3: world.endpoint, sts: world.endpoint }],
    s3UsePathStyle: true,
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    defaultTags: { tags: { managed: "pulumi" } },
    maxRetries: wanted.maxRetries,
  };
}

async function program(): Promise<Record<string, unknown>> {
  const provider = new aws.Provider("aws", providerArgs());
  const connect = new onepassword.Provider("onepassword", { url: world.connect, token: seed.connectToken });
  const hub = new github.Provider("github", {
    owner: seed.githubOwner,
    token: seed.githubToken,
    baseUrl: world.github,
  });
  const opts = { provider };

  const vault = await onepassword.getVault({ name: seed.vault }, { provider: connect });
  const item = await onepassword.getItem(
    { vault: vault.uuid, title: "Seqera Platform" },
    { provider: connect },
  );
  const missing = await aws.iam.getUser({ userName: "nobody" }, opts).catch((error: Error) => error.message);
  const identity = await aws.getCallerIdentity({}, opts);

  const user = new aws.iam.User("user", { name: "towerforge", path: "/seqera/", tags: wanted.tags }, opts);
  const policy = new aws.iam.Policy(
    "policy",
    {
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: wanted.actions, Resource: "*" }],
      },
    },
    opts,
  );
  new aws.iam.UserPolicyAttachment("attachment", { user: user.name, policyArn: policy.arn }, opts);
  const key = new aws.iam.AccessKey(
    "key",
    { user: user.name },
    { ...opts, replacementTrigger: wanted.trigger },
  );
  const bucket = new aws.s3.Bucket(
    "bucket",
    { bucket: seed.bucket, tags: { keep: "me" } },
    wanted.importBucket ? { ...opts, import: seed.bucket } : opts,
  );
  new aws.s3.BucketPublicAccessBlock("block", { bucket: bucket.bucket, blockPublicAcls: true }, opts);
  new aws.s3.BucketServerSideEncryptionConfiguration(
    "encryption",
    { bucket: bucket.bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    opts,
  );
  new aws.s3.BucketVersioning(
    "versioning",
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  const role = new aws.iam.Role(
    "role",
    {
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "batch.amazonaws.com" } },
        ],
      },
    },
    opts,
  );
  new aws.iam.RolePolicyAttachment("role-attachment", { role: role.name, policyArn: policy.arn }, opts);
  const push = new local.Command("push", {
    create: `echo "created $VALUE for $KEY"; echo "note" >&2${wanted.commandFails ? "; exit 3" : ""}`,
    update: `echo "updated $VALUE after $PULUMI_COMMAND_STDOUT"${wanted.commandFails ? "; exit 3" : ""}`,
    delete: `true`,
    environment: { VALUE: wanted.commandValue, KEY: key.id, SECRET: key.secret },
    triggers: [wanted.commandTrigger],
    logging: "none",
  });
  new github.ActionsOrganizationVariable(
    "variable",
    { variableName: "TOWER_WORKSPACE_ID", value: push.stdout, visibility: "all" },
    { provider: hub },
  );
  new github.ActionsOrganizationSecret(
    "secret",
    { secretName: "TOWER_ACCESS_TOKEN", value: pulumi.secret(item.credential), visibility: "all" },
    { provider: hub },
  );
  wanted.extra();
  return {
    missing,
    account: identity.accountId,
    fields: item.sections?.flatMap(({ fields }) => fields?.map(({ label }) => label) ?? []),
    keyId: key.id,
    secret: key.secret,
    stdout: push.stdout,
    cors: bucket.corsRules,
    bucketTags: bucket.tagsAll,
  };
}

beforeAll(async () => {
  const [engine, python] = await Promise.all([ensureEngine(silent), pythonForTests()]);
  services.aws = await startAws({ faults, seed, python, newKeySeconds: 0 });
  services.github = await startGithub({ faults, seed });
  services.onepassword = await startOnePassword({ faults, seed });
  world = {
    endpoint: services.aws.url,
    github: `${services.github.url}/`,
    connect: services.onepassword.url,
  };
  const credentials = {
    accessKeyId: seed.deployer.accessKeyId,
    secretAccessKey: seed.deployer.secretAccessKey,
  };
  const config = { endpoint: world.endpoint, region: seed.region, credentials };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  iam = new IAMClient(config);

  // The Automation API looks for `pulumi` on this process's own PATH.
  vi.stubEnv("PATH", `${dirname(engine.path)}:${process.env.PATH}`);
  folder = await mkdtemp(join(tmpdir(), "plugins-"));
  const started = await startPlugins(pluginNames);
  stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", projectName: "plugins", program },
    {
      workDir: folder,
      envVars: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_DEBUG_PROVIDERS: started.map(({ name, port }) => `${name}:${port}`).join(","),
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    },
  );
}, 300_000);

afterAll(async () => {
  await Promise.all([services.aws?.close(), services.github?.close(), services.onepassword?.close()]);
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `up` with some wishes changed, and gives what happened to each resource but `same`. */
async function up(changes: Partial<typeof wanted> = {}) {
  Object.assign(wanted, changes);
  const steps: Record<string, OpType[]> = {};
  const result = await stack.up({
    onEvent: ({ resourcePreEvent }) => {
      const metadata = resourcePreEvent?.metadata;
      if (!metadata || metadata.op === "same") return;
      (steps[metadata.urn.split("::").at(-1) as string] ??= []).push(metadata.op);
    },
  });
  return { outputs: result.outputs, steps, text: result.stdout };
}

async function keys(): Promise<string[]> {
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: "towerforge" }));
  return (AccessKeyMetadata ?? []).map(({ AccessKeyId }) => AccessKeyId as string);
}

describe("the stand-in plugins on the real engine", { timeout: 120_000 }, () => {
  it("previews without making anything, then makes and imports everything", async () => {
    await s3
      .send(
        new CreateBucketCommand({
          Bucket: seed.bucket,
          CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
        }),
      )
      .catch((error: Error) => expect(error.name).toBe("BucketAlreadyOwnedByYou"));
    const Tagging = {
      TagSet: [
        { Key: "keep", Value: "me" },
        { Key: "managed", Value: "pulumi" },
      ],
    };
    await s3.send(new PutBucketTaggingCommand({ Bucket: seed.bucket, Tagging }));
    const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["https://nf-co.re"] }];
    await s3.send(new PutBucketCorsCommand({ Bucket: seed.bucket, CORSConfiguration: { CORSRules } }));

    const { changeSummary } = await stack.preview();
    expect(changeSummary).toMatchObject({ create: 16, import: 1 });
    await expect(keys()).rejects.toThrow("towerforge");

    const { outputs } = await up();
    expect(outputs.missing?.value).toContain("couldn't find resource");
    expect(outputs.account?.value).toBe(seed.awsAccountId);
    expect(outputs.fields?.value).toEqual(["TOWER_ACCESS_TOKEN", "AWSMegatests workspace ID"]);
    expect(await keys()).toEqual([outputs.keyId?.value]);
    expect(outputs.secret).toMatchObject({ secret: true, value: expect.stringMatching(/^.{40}$/) as string });
    expect(outputs.stdout?.value).toBe(`created first for ${outputs.keyId?.value as string}`);
    expect(outputs.cors?.value).toEqual([{ allowedMethods: ["GET"], allowedOrigins: ["https://nf-co.re"] }]);
    expect(outputs.bucketTags?.value).toEqual({ keep: "me", managed: "pulumi" });
    const state = await readFile(join(folder, ".pulumi/stacks/plugins/test.json"), "utf8");
    expect(state).not.toContain(seed.platformToken);
    expect(state).not.toContain(seed.deployer.secretAccessKey);
    expect(state).not.toContain(outputs.secret?.value);
  });

  it("finds nothing to do on a second run, and none after a refresh", async () => {
    expect((await up({ importBucket: false })).steps).toEqual({});
    await stack.refresh();
    expect((await up()).steps).toEqual({});
  });

  it("replaces a key by its trigger: new one first, dependants next, old one last", async () => {
    const [before] = await keys();
    const { steps, outputs } = await up({ trigger: "two", maxRetries: 4 });
    expect(steps).toEqual({
      aws: ["update"],
      key: ["create-replacement", "replace", "delete-replaced"],
      push: ["update"],
      variable: ["update"],
    });
    expect(Object.keys(steps)).toEqual(["aws", "key", "push", "variable"]);
    expect(await keys()).toEqual([outputs.keyId?.value]);
    expect(outputs.keyId?.value).not.toBe(before);
  });

  it("keeps both keys when a dependant fails, and says what ran and what it printed", async () => {
    const before = await keys();
    const failed = up({ trigger: "three", commandFails: true });
    await expect(failed).rejects.toThrow(/exit status 3: running "echo [^]*updated first after/);
    const both = await keys();
    expect(both).toHaveLength(2);
    const third = up({ trigger: "four" });
    await expect(third).rejects.toThrow("LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2");
    await up({ trigger: "three", commandFails: false });
    expect(await keys()).toEqual(both.filter((id) => !before.includes(id)));
  });

  it("takes a reordered document for the same, and a changed one for a new version in place", async () => {
    expect((await up({ actions: ["batch:SubmitJob", "batch:DescribeJobs"] })).steps).toEqual({});
    expect((await up({ actions: ["batch:SubmitJob"] })).steps).toEqual({ policy: ["update"] });
  });

  it("replaces a policy of the program's own name: it goes first, and what hangs on it before it", async () => {
    const named = (description: string) => (): void => {
      const opts = { provider: new aws.Provider("third", providerArgs()) };
      const statement = { Effect: "Allow" as const, Action: "batch:ListJobs", Resource: "*" };
      const policy = { Version: "2012-10-17" as const, Statement: [statement] };
      const { arn } = new aws.iam.Policy("named", { name: "own-name", description, policy }, opts);
      new aws.iam.UserPolicyAttachment("named-attachment", { user: "towerforge", policyArn: arn }, opts);
    };
    await up({ extra: named("one") });
    const replaced = ["delete-replaced", "replace", "create-replacement"];
    expect((await up({ extra: named("two") })).steps).toEqual({
      "named-attachment": replaced,
      named: replaced,
    });
    await up({ extra: () => undefined });
  });

  it("replaces a command by its triggers although it has an update", async () => {
    const { steps, outputs } = await up({ commandTrigger: "other" });
    expect(steps.push).toEqual(["create-replacement", "replace", "delete-replaced"]);
    expect(outputs.stdout?.value).toContain("created first");
  });

  it("sees drift only on refresh, and puts it right", async () => {
    await iam.send(
      new TagUserCommand({ UserName: "towerforge", Tags: [{ Key: "team", Value: "somebody" }] }),
    );
    await services.github?.close();
    services.github = await startGithub({ faults, seed, port: Number(new URL(world.github).port) });
    const [AccessKeyId] = await keys();
    await iam.send(new DeleteAccessKeyCommand({ UserName: "towerforge", AccessKeyId }));
    expect((await up()).steps).toEqual({});
    await stack.refresh();
    const mended = {
      user: ["update"],
      key: ["create"],
      push: ["update"],
      variable: ["create"],
      secret: ["create"],
    };
    expect((await up()).steps).toEqual(mended);
  });

  it("says what the real one says of what exists already, and of an import that does not", async () => {
    const second = () => ({ provider: new aws.Provider("second", providerArgs()) });
    const user = up({ extra: () => void new aws.iam.User("again", { name: "towerforge" }, second()) });
    await expect(user).rejects.toThrow("EntityAlreadyExists: User towerforge already exists");
    const bucket = up({ extra: () => void new aws.s3.Bucket("again", { bucket: seed.bucket }, second()) });
    await expect(bucket).rejects.toThrow("BucketAlreadyOwnedByYou");
    const extra = (): void =>
      void new aws.iam.User("absent", { name: "absent" }, { ...second(), import: "absent" });
    await expect(up({ extra })).rejects.toThrow("resource 'absent' does not exist");
    wanted.extra = () => undefined;
  });

  it("lets an empty session token through, so that none is taken from the environment for the check", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_STS", world.endpoint);
    vi.stubEnv("AWS_SESSION_TOKEN", "of somebody else");
    const checks = { skipCredentialsValidation: false, skipRequestingAccountId: false };
    const checked = (args: aws.ProviderArgs) => () => {
      const provider = new aws.Provider("checked", { ...providerArgs(), ...checks, ...args });
      new aws.iam.User("checked", { name: "checked" }, { provider });
    };
    await expect(up({ extra: checked({ token: "" }) })).rejects.toThrow("unable to validate AWS credentials");
    await up({ extra: checked({ token: pulumi.output(""), profile: "" }) });
    wanted.extra = () => undefined;
  });

  it("destroys all of it", async () => {
    await up();
    await stack.destroy();
    await expect(keys()).rejects.toThrow("towerforge");
    const { resources } = (await stack.exportStack()).deployment as { resources?: unknown[] };
    expect(resources ?? []).toEqual([]);
  });
});
