import {
  CreatePolicyCommand,
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StackConfig } from "../../config.ts";
import { startAws, type AwsService } from "../../sandbox/services/aws/gateway.ts";
import { pythonForTests } from "../../sandbox/services/aws/python-for-tests.ts";
import { FaultInjector } from "../../sandbox/services/faults.ts";
import { makeSeed } from "../../sandbox/services/seed.ts";
import { awsRows, type AwsAround } from "./aws.ts";
import { deploymentRights } from "./rights.ts";
import { around, config, EMPTY_STATE, given, textsOf } from "./rows-for-tests.ts";

const seed = makeSeed();
const faults = new FaultInjector();
const { userName: UserName, accessKeyId, secretAccessKey } = seed.deployer;
const ARN = `arn:aws:iam::${seed.awsAccountId}:user/${UserName}`;
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
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

describe("AWS", () => {
  it("is well", async () => {
    expect(await rows({ awsAccountId: seed.awsAccountId })).toEqual({
      Clock: "pass: as AWS's",
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

  it("does not answer", async () => {
    const dead = "http://127.0.0.1:9";
    const texts = await rows({ awsEndpoints: { iam: dead, s3: dead, sts: dead, batch: dead } });
    expect(texts.Clock).toBe(`fail: AWS does not answer: fetch failed (${dead})
mend: look whether it can be reached from here, by what proxy`);
    expect(texts["AWS identity"]).toBe(`fail: AWS gives no answer: connect ECONNREFUSED 127.0.0.1:9
mend: look whether it can be reached from here, by what proxy`);
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
    expect(wrong["AWS identity"]).toMatch(
      /^fail: AWS refuses the infrastructure credentials: SignatureDoesNotMatch: /,
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
      "not applicable: not simulated: AccessDenied for iam:SimulatePrincipalPolicy",
    );
    faults.clear();
  });
});
