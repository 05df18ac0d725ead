import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { StackConfig } from "../../config.ts";
import type { SourceSetting } from "../../secrets/sources/index.ts";
import { startAws, type AwsService } from "../../sandbox/services/aws/gateway.ts";
import { pythonForTests } from "../../sandbox/services/aws/python-for-tests.ts";
import { FaultInjector } from "../../sandbox/services/faults.ts";
import { makeSeed } from "../../sandbox/services/seed.ts";
import { awsRows, type AwsAround } from "./aws.ts";
import type { AwsReader } from "../stack/aws.ts";
import { awsService, stsUrl } from "./clock.ts";
import { deploymentRights, rightsRow } from "./rights.ts";
import { surroundingsHere } from "./surroundings.ts";
import { around, config, deadUrl, EMPTY_STATE, given, textsOf } from "./rows-for-tests.ts";

const seed = makeSeed();
const faults = new FaultInjector();
const { userName: UserName, accessKeyId, secretAccessKey } = seed.deployer;
const ARN = `arn:aws:iam::${seed.awsAccountId}:user/${UserName}`;
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const REACH =
  "look whether it can be reached from here, by what proxy; its address follows from AWSMegatests:awsEndpoints";
let aws: AwsService;
let iam: IAMClient;

beforeAll(async () => {
  aws = await startAws({ faults, seed, python: await pythonForTests(), newKeySeconds: 0 });
  iam = new IAMClient(aws.adminClientConfig());
}, 60_000);
afterAll(() => aws.close());

async function rows(settings: Partial<StackConfig> = {}, some: Partial<AwsAround> = {}) {
  const endpoints = { iam: aws.url, s3: aws.url, sts: aws.url, batch: aws.url };
  const stack = { region: seed.region, awsEndpoints: endpoints, awsAccountId: "", awsItem: "AWS megatests" };
  const sources = { awsCredentialSources: [{ source: "onepassword" as const }], env: {}, callSeconds: 5 };
  const named = {
    userName: "TowerForge",
    policyPrefix: "TowerForge",
    bucket: seed.bucket,
    bucketMode: "import" as const,
    credentialMode: "key" as const,
    roleName: "Seqera",
  };
  return textsOf((checkup) =>
    awsRows(checkup, {
      ...{
        ...around({ milliseconds: 3000 }),
        config: config({ ...stack, ...sources, ...named, ...settings }),
      },
      ...{ keyId: given(accessKeyId), secret: given(secretAccessKey), state: given(EMPTY_STATE) },
      sessionToken: given("of nobody"),
      ...{ stateKeyId: () => Promise.resolve(accessKeyId), stackName: () => Promise.resolve("dev") },
      ...{ rights: deploymentRights, ...some },
    }),
  );
}

/** What rows are asked with by a session of a new role, which may do everything. */
async function sessionOf(RoleName: string, Path: string) {
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" } };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: ADMINISTRATOR }));
  const made = await aws.createSession(Role!.Arn!);
  const env = {
    AWS_ACCESS_KEY_ID: made.accessKeyId,
    AWS_SECRET_ACCESS_KEY: made.secretAccessKey,
    AWS_SESSION_TOKEN: made.sessionToken,
  };
  const settings = { awsCredentialSources: [{ source: "environment" as const }], env };
  return { keyId: made.accessKeyId, around: [settings] as const };
}

describe("AWS", () => {
  it("is well", async () => {
    expect(await rows({ awsAccountId: seed.awsAccountId })).toEqual({
      Clock: "pass: as AWS's",
      AWS_PROFILE: "pass: not set",
      "AWS credentials": `pass: access key ${accessKeyId}, of 1Password`,
      "AWS identity": `pass: ${ARN}`,
      "State's AWS key": `pass: ${accessKeyId}, as now`,
      "Deployer's rights": "pass: 34 actions, by simulation",
      "Work bucket": `pass: ${seed.bucket}, in ${seed.region}`,
    });
    expect((await rows())["AWS identity"]).toBe(`pass: ${ARN} (awsAccountId allows any account)`);
  });

  it("takes temporary credentials of 1Password where the config names their field, and refuses half of them", async () => {
    const { expiration: _, ...session } = await aws.assumeRole(seed.awsAccountId, "MegatestsDeployer");
    const [keyId, secret, sessionToken] = Object.values(session).map(given);
    const whole = await rows({ awsSessionTokenField: "session token" }, { keyId, secret, sessionToken });
    expect(whole["AWS credentials"]).toBe(`pass: access key ${session.accessKeyId}, of 1Password, temporary`);
    expect(whole["AWS identity"]).toMatch(/^pass: .*:assumed-role\//);
    const half = await rows({ awsSessionTokenField: "" }, { keyId, secret, sessionToken });
    expect(half["AWS credentials"]).toMatch(/^fail: The AWS credentials are not complete: 1Password/);
  });

  it.each([
    [-400, "behind"],
    [400, "ahead of"],
  ])("is %i seconds off, which breaks signatures", async (seconds, where) => {
    const now = () => Date.now() + seconds * 1000;
    expect((await rows({}, { now })).Clock).toMatch(
      new RegExp(
        `^fail: (399|400|401) seconds ${where} AWS's, which refuses what is signed more than 300 seconds off\nmend: sudo timedatectl set-ntp true$`,
      ),
    );
  });

  it("does not answer, at all or in time", async () => {
    const dead = await deadUrl();
    const texts = await rows({ awsEndpoints: { iam: dead, s3: dead, sts: dead, batch: dead } });
    const silent = (who: string, how: string) => `fail: ${who} does not answer: ${how}\nmend: ${REACH}`;
    expect(texts.Clock).toBe(silent(`AWS STS (${dead})`, `connect ECONNREFUSED ${dead.slice(7)}`));
    expect(texts["AWS identity"]).toBe(silent("AWS STS", `connect ECONNREFUSED ${dead.slice(7)}`));
    const { milliseconds } = surroundingsHere();
    const hanging = async (path: string) => {
      faults.clear();
      faults.add({ service: "aws", kind: "hang", times: 99, path });
      const begun = Date.now();
      const found = await rows({}, { milliseconds });
      expect(Date.now() - begun).toBeLessThan(surroundingsHere().rowMilliseconds);
      return found;
    };
    const nothing = "nothing for 4 seconds";
    expect((await hanging("^sts:"))["AWS identity"]).toBe(silent("AWS STS", nothing));
    expect((await hanging("^iam:"))["Deployer's rights"]).toBe(silent("AWS IAM", nothing));
    expect((await hanging("^s3:"))["Work bucket"]).toBe(silent("Amazon S3", nothing));
    faults.clear();
    expect(awsService("AWS STS", { awsEndpoints: {} }).reach).toBe(
      "look whether it can be reached from here, by what proxy; its address follows from aws:region",
    );
  });

  it("is out of order, or limits calls: the credentials are not to blame", async () => {
    const when = async (path: string, status: number) => {
      faults.clear();
      faults.add({ service: "aws", kind: "status", status, times: 99, path });
      return rows();
    };
    const later = "mend: try again later: npm run --silent megatests -- doctor";
    expect((await when("^sts:", 503))["AWS identity"]).toBe(`fail: AWS STS does not answer: 503\n${later}`);
    expect((await when("^sts:", 429))["AWS identity"]).toBe(
      `fail: AWS STS limits calls: Throttling\n${later}`,
    );
    expect((await when("^s3:", 503))["Work bucket"]).toBe(`fail: Amazon S3 does not answer: 503\n${later}`);
    faults.clear();
  });

  it("is asked for its time only, wherever it would lead to, and at the partition's own address", async () => {
    const methods: string[] = [];
    const server = createServer((request, response) => {
      methods.push(request.method ?? "");
      response.writeHead(302, { location: "http://127.0.0.1:1/a-page" }).end();
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const sts = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await rows({ awsEndpoints: { sts } })).Clock).toBe("pass: as AWS's");
    expect(methods[0]).toBe("HEAD");
    const silentOfTime = createServer((_request, response) => {
      response.sendDate = false;
      response.end();
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void silentOfTime.close());
    await once(silentOfTime, "listening");
    const mute = `http://127.0.0.1:${(silentOfTime.address() as AddressInfo).port}`;
    expect((await rows({ awsEndpoints: { sts: mute } })).Clock).toBe(
      `not applicable: ${mute} does not tell its time`,
    );
    expect(stsUrl({ awsEndpoints: {}, region: "eu-west-1" })).toBe("https://sts.eu-west-1.amazonaws.com/");
    expect(stsUrl({ awsEndpoints: {}, region: "cn-north-1" })).toBe(
      "https://sts.cn-north-1.amazonaws.com.cn/",
    );
  });

  it("refuses the credentials", async () => {
    const refused = "have a working key in the 1Password item AWS megatests";
    const unknown = await rows({}, { keyId: given("AKIAUNKNOWNUNKNOWN00") });
    expect(unknown["AWS identity"]).toBe(
      `fail: AWS refuses the infrastructure credentials: InvalidClientTokenId: The security token included in the request is invalid.\nmend: ${refused}`,
    );
    for (const name of ["Deployer's rights", "Work bucket"])
      expect(unknown[name]).toBe("not applicable: not checked: AWS identity fails");
    const wrong = await rows({}, { secret: given("of-another") });
    expect(wrong["AWS identity"]).toBe(
      `fail: AWS refuses the infrastructure credentials: SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\nmend: ${refused}`,
    );
  });

  it("knows the credentials as another account's", async () => {
    expect((await rows({ awsAccountId: "999999999999" }))["AWS identity"])
      .toBe(`fail: ${ARN}: another account than 999999999999
mend: pulumi config set AWSMegatests:awsAccountId ${seed.awsAccountId}, or have that account's key in the 1Password item AWS megatests`);
  });

  it("has another key of the infrastructure in the state, or none", async () => {
    const another = await rows({}, { stateKeyId: () => Promise.resolve("AKIAFORMER") });
    expect(another["State's AWS key"])
      .toBe(`fail: AKIAFORMER in the state, ${accessKeyId} now: InvalidClientTokenId on destroy or refresh, once the former is gone
mend: pulumi up; or add --run-program to destroy and refresh`);
    const none = await rows({}, { stateKeyId: () => Promise.resolve(undefined) });
    expect(none["State's AWS key"]).toBe("pass: none: the stack was never deployed");
  });

  it("is worked with by a role's session, whose role has a path, as those of AWS SSO have", async () => {
    const plain = await sessionOf("deployer-role", "/");
    expect(await rows(...plain.around)).toMatchObject({
      "AWS credentials": `pass: access key ${plain.keyId}, of environment variables, temporary`,
      "AWS identity": `pass: arn:aws:sts::${seed.awsAccountId}:assumed-role/deployer-role/sandbox (awsAccountId allows any account)`,
      "State's AWS key": "not applicable: temporary credentials: add --run-program to destroy and refresh",
      "Deployer's rights": "pass: 34 actions, by simulation",
    });
    const sso = await sessionOf("AWSReservedSSO_Lab_0a1b", "/aws-reserved/sso.amazonaws.com/");
    const rights = async () => (await rows(...sso.around))["Deployer's rights"];
    expect(await rights()).toBe("pass: 34 actions, by simulation");
    faults.add({ service: "aws", path: "^iam:GetRole$", kind: "status", status: 403, times: 9 });
    const role = `arn:aws:iam::${seed.awsAccountId}:role/`;
    expect(await rights()).toBe(
      `not applicable: not simulated: NoSuchEntityException for iam:SimulatePrincipalPolicy on ${role}AWSReservedSSO_Lab_0a1b: allow iam:GetRole on ${role}*AWSReservedSSO_Lab_0a1b, which tells its path`,
    );
    faults.clear();
  });

  it.each([`arn:aws:iam::${seed.awsAccountId}:root`, `arn:aws:sts::${seed.awsAccountId}:federated-user/ann`])(
    "simulates no %s",
    async (arn) => {
      const reader = { refused: () => Promise.reject(new Error("asked")) } as unknown as AwsReader;
      expect(await rightsRow(reader, { account: seed.awsAccountId, arn }, [], "dev")).toEqual({
        ...{ state: "not applicable", found: `not simulated: ${arn} is neither a user nor a role` },
      });
    },
  );

  it("has no credentials, locked ones, broken ones, or such as have ended", async () => {
    const home = mkdtempSync(join(tmpdir(), "aws-"));
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(home, { recursive: true });
    });
    const profile = join(home, "config");
    writeFileSync(
      profile,
      "[profile lab]\nsso_session = lab\nsso_account_id = 123456789012\nsso_role_name = Deployer\n[sso-session lab]\nsso_start_url = https://lab.awsapps.com/start\nsso_region = eu-west-1\n",
    );
    const from = async (source: SourceSetting, env: Record<string, string> = {}) =>
      rows({ awsCredentialSources: [source], env });
    vi.stubEnv("AWS_CONFIG_FILE", profile);
    vi.stubEnv("HOME", home);
    const environment = { source: "environment" } as const;
    expect((await from(environment))["AWS credentials"])
      .toBe(`fail: There are no AWS credentials: no source that the stack's config names is there.
got: none of: environment variables
allowed: one of them, or another one, which the config has to name:
- for one run only: megatests asks for them at a terminal; pulumi does not
- an existing profile of AWS SSO: pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' sso; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].profile' NAME
- AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, where the stack may do with keys in clear: pulumi config set AWSMegatests:leastCredentialProtection plaintext; pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' environment
- 1Password, or a new profile: the guided setup
mend: npm run --silent megatests -- credentials setup --replace-sources`);
    const locked = await from({ source: "sso", profile: "lab" });
    expect(locked["AWS credentials"]).toBe(`fail: unlock required: AWS SSO profile lab
got: no session lab
allowed: a session that is signed in
mend: npm run --silent megatests -- credentials unlock --profile lab`);
    for (const name of ["AWS identity", "State's AWS key"])
      expect(locked[name]).toBe("not applicable: not checked: AWS credentials fails");
    for (const name of ["Deployer's rights", "Work bucket"])
      expect(locked[name]).toBe("not applicable: not checked: AWS credentials fails");
    expect((await from(environment, { AWS_ACCESS_KEY_ID: accessKeyId }))["AWS credentials"]).toBe(
      `fail: The AWS credentials are not complete: environment variables.
got: AWS_ACCESS_KEY_ID, but no AWS_SECRET_ACCESS_KEY
allowed: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and for a key that begins with ASIA AWS_SESSION_TOKEN
mend: export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, all of one key`,
    );
  });

  it("has ended the session", async () => {
    const ended = "The security token included in the request is expired";
    const server = createServer((_request, response) => {
      response
        .writeHead(403, { "content-type": "text/xml" })
        .end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>${ended}</Message></Error></ErrorResponse>`,
        );
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const sts = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { around } = await sessionOf("ended", "/");
    expect((await rows({ ...around[0], awsEndpoints: { sts } }))["AWS identity"]).toBe(
      `fail: AWS refuses the infrastructure credentials: ExpiredToken: ${ended}\nmend: have credentials that last from environment variables`,
    );
  });

  it("has no bucket, or one elsewhere, or one that is to be made and is there", async () => {
    const texts = async (settings: Partial<StackConfig>) => (await rows(settings))["Work bucket"];
    expect(await texts({ bucket: "no-such-bucket" }))
      .toBe(`fail: no-such-bucket does not exist, so there is none to import
mend: pulumi config set AWSMegatests:bucketMode create`);
    expect(await texts({ bucket: "no-such-bucket", bucketMode: "create" })).toBe(
      "pass: no-such-bucket is not there yet: the deployment makes it",
    );
    expect(await texts({ bucketMode: "create" }))
      .toBe(`fail: ${seed.bucket} exists already, so it cannot be made
mend: pulumi config set AWSMegatests:bucketMode import`);
    expect(await texts({ region: "us-east-1" }))
      .toBe(`fail: ${seed.bucket} is in eu-west-1, the stack in us-east-1
mend: pulumi config set aws:region eu-west-1, or another AWSMegatests:bucket`);
    faults.add({ service: "aws", path: "^s3:HEAD", kind: "status", status: 403, times: 5 });
    expect(await texts({}))
      .toBe(`fail: ${seed.bucket}: 403: it is another account's, or these credentials may not see it
mend: pulumi config set AWSMegatests:bucket ANOTHER, or let the credentials see it`);
    faults.clear();
  });

  it("lets the deployer do too little, or does not let it simulate", async () => {
    const allowed = { Effect: "Allow", Action: ["iam:*", "s3:*"], Resource: "*" };
    const denied = { Effect: "Deny", Action: ["iam:CreateAccessKey", "iam:DeletePolicy"], Resource: "*" };
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [allowed, denied] });
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "less", PolicyDocument }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: ADMINISTRATOR }));
    const policy = `arn:aws:iam::${seed.awsAccountId}:policy/TowerForge`;
    expect((await rows())["Deployer's rights"])
      .toBe(`fail: refused, of 34 actions: iam:CreateAccessKey on arn:aws:iam::${seed.awsAccountId}:user/TowerForge, iam:DeletePolicy on ${policy}-Forge-Policy, iam:DeletePolicy on ${policy}-Launch-Policy, iam:DeletePolicy on ${policy}-S3-Policy
mend: npm run --silent policies -- --document Deployer --stack Pulumi.dev.yaml --account ${seed.awsAccountId} > deployer.json; then attach it to ${ARN} (docs/deployer.md)`);
    faults.add({
      service: "aws",
      path: "^iam:SimulatePrincipalPolicy$",
      kind: "status",
      status: 403,
      times: 9,
    });
    expect((await rows())["Deployer's rights"]).toBe(
      `not applicable: not simulated: AccessDenied for iam:SimulatePrincipalPolicy on ${ARN}: allow that`,
    );
    faults.clear();
  });

  it("would be asked by a profile that is not there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "profiles-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "config");
    writeFileSync(file, "[profile lab]\nregion = eu-west-1\n");
    vi.stubEnv("AWS_CONFIG_FILE", file);
    const of = async (env: Record<string, string>) => (await rows({}, { env })).AWS_PROFILE;
    expect(await of({ AWS_PROFILE: "lab" })).toBe("pass: lab, which is there");
    expect(await of({ AWS_PROFILE: "gone" })).toBe(
      "fail: AWS_PROFILE names the profile gone, which is not there: failed to get shared config profile\nmend: unset AWS_PROFILE",
    );
    expect(await of({ AWS_DEFAULT_PROFILE: "gone" })).toBe(
      "fail: AWS_DEFAULT_PROFILE names the profile gone, which is not there: failed to get shared config profile\nmend: unset AWS_DEFAULT_PROFILE",
    );
  });
});
