import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StackConfig } from "../../config.ts";
import { startAws, type AwsService } from "../../sandbox/services/aws/gateway.ts";
import { pythonForTests } from "../../sandbox/services/aws/python-for-tests.ts";
import { FaultInjector } from "../../sandbox/services/faults.ts";
import { makeSeed } from "../../sandbox/services/seed.ts";
import type { Workspace } from "../../seqerakit/index.ts";
import { openAws } from "../stack/aws.ts";
import type { StackState } from "../stack/state.ts";
import { iamOf, resourceRows } from "./resources.ts";
import { EMPTY_STATE, given, textsOf } from "./rows-for-tests.ts";

const seed = makeSeed();
const ACCOUNT = seed.awsAccountId;
const TAGS = [
  { Key: "Project", Value: "AWSMegatests" },
  { Key: "Stack", Value: "dev" },
];
const IAM = "IAM names";
const KEYS = "Access keys";
const POLICIES = "Policies";
const REFRESH = "mend: pulumi refresh --run-program --yes && pulumi up";
const RECOVER = "npm run --silent megatests -- recover";
let aws: AwsService;
let iam: IAMClient;

beforeAll(async () => {
  aws = await startAws({
    faults: new FaultInjector(),
    seed,
    python: await pythonForTests(),
    newKeySeconds: 0,
  });
  iam = new IAMClient(aws.adminClientConfig());
}, 60_000);
afterAll(() => aws.close());

const user = (UserName: string, Tags = TAGS) => iam.send(new CreateUserCommand({ UserName, Tags }));
const key = async (UserName: string) =>
  (await iam.send(new CreateAccessKeyCommand({ UserName }))).AccessKey!.AccessKeyId!;
const dropKey = (UserName: string, AccessKeyId: string) =>
  iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));

const PolicyDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`;

/** Makes policies of the stack with that user, and attaches them. */
async function attach(UserName: string, parts: string[]): Promise<void> {
  for (const part of parts) {
    const PolicyName = `${UserName}-p-${part}-Policy`;
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument, Tags: TAGS }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
  }
}

/** The rows of a stack with that user, of which the state knows these keys, and the Platform holds those. */
async function rows(
  userName: string,
  stateKeys: string[] | undefined,
  held: Record<string, string> = {},
  settings: Partial<StackConfig> = {},
  known: Partial<StackState> = {},
) {
  const config = given({
    ...{ credentialMode: "key", roleName: "Seqera" },
    ...{ userName, policyPrefix: `${userName}-p`, credentialsName: "tower-awstest", region: seed.region },
    ...{ awsEndpoints: { iam: aws.url, sts: aws.url }, callSeconds: 5 },
    ...settings,
  } as StackConfig);
  const { accessKeyId, secretAccessKey } = seed.deployer;
  const credentials = given({
    ...{ identity: seed.deployer, provider: () => Promise.resolve({ accessKeyId, secretAccessKey }) },
    source: "1Password",
  });
  const identity = given({ account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/deployer` });
  const accessKeys = (stateKeys ?? []).map((id) => ({ id, replaced: false }));
  const state = given({ ...EMPTY_STATE, userNames: stateKeys ? [userName] : [], accessKeys, ...known });
  // What the Platform lists is all that these rows ask it for.
  const listed = Object.entries(held).map(([name, accessKey]) => ({
    id: `id-of-${name}`,
    name,
    provider: "aws",
    keys: { accessKey },
  }));
  const workspace = given({ credentials: () => Promise.resolve(listed) } as unknown as Workspace);
  const around = {
    config,
    project: given("AWSMegatests"),
    stack: () => Promise.resolve("dev"),
    credentials,
    identity,
    state,
    workspace,
  };
  const provider = () => Promise.resolve({ accessKeyId, secretAccessKey });
  const reader = openAws({ region: seed.region, awsEndpoints: { iam: aws.url } }, provider, 3000);
  return textsOf((checkup) =>
    resourceRows(checkup, { ...around, iam: iamOf(around), aws: reader, milliseconds: 3000 }),
  );
}

describe("what AWS has under the stack's names", () => {
  it("is nothing yet", async () => {
    expect(await rows("fresh", undefined)).toEqual({
      [IAM]: "pass: fresh, fresh-p-…: this stack's, or free",
      [POLICIES]: "pass: none yet: the deployment attaches them",
      [KEYS]: "pass: fresh has none: the deployment makes one",
    });
  });

  it("is a user of this stack with one key, on the Platform", async () => {
    await user("well");
    const id = await key("well");
    await attach("well", ["Forge", "Launch", "S3"]);
    const policies = ["Forge", "Launch", "S3"].map((part) => ({
      name: `well-p-${part}-Policy`,
      document: PolicyDocument,
    }));
    expect(await rows("well", [id], { "tower-awstest": id }, {}, { policies })).toEqual({
      [POLICIES]: "pass: Forge, Launch, S3, attached to well",
      [IAM]: "pass: well, well-p-…: this stack's, or free",
      [KEYS]: `pass: ${id}, in the state and on the Platform`,
    });
  });

  it("is half-made by this stack: the deployment makes it again", async () => {
    await user("half");
    expect((await rows("half", undefined))[IAM]).toBe("pass: half, half-p-…: this stack's, or free");
  });

  it("is somebody else's user, with keys, and a policy in use", async () => {
    await user("theirs", []);
    const id = await key("theirs");
    const made = await iam.send(
      new CreatePolicyCommand({ PolicyName: "theirs-p-S3-Policy", PolicyDocument, Tags: TAGS }),
    );
    await iam.send(new AttachUserPolicyCommand({ UserName: "theirs", PolicyArn: made.Policy?.Arn }));
    expect(await rows("theirs", undefined)).toEqual({
      [IAM]: `fail: The IAM user theirs exists already: it was not made by this stack
The IAM policy theirs-p-S3-Policy exists already: it is in use
mend: pulumi config set AWSMegatests:userName ANOTHER, or delete it in AWS
pulumi config set AWSMegatests:policyPrefix ANOTHER, or delete it in AWS`,
      [POLICIES]: "pass: none yet: the deployment attaches them",
      [KEYS]: `fail: the user theirs with the access keys ${id}, none of which the state knows
mend: they stay: another stack may work with them. If it is this stack's, pulumi up says so; else: pulumi config set userName ANOTHER`,
    });
  });
});

describe("policies", () => {
  it("were detached by hand, or are gone with the user", async () => {
    await user("bare");
    await attach("bare", ["Forge"]);
    expect((await rows("bare", []))[POLICIES]).toBe(
      `fail: Policies were detached from the IAM user bare by hand: without Launch, S3\n${REFRESH}`,
    );
    expect((await rows("vanished", []))[POLICIES]).toBe(
      `fail: the IAM user vanished is gone, which the state knows\n${REFRESH}`,
    );
  });
});

describe("a role in the place of the key", () => {
  const byRole = (roleName: string) => ({ credentialMode: "role" as const, roleName });
  const make = (RoleName: string, Tags = TAGS) =>
    iam.send(new CreateRoleCommand({ RoleName, Tags, AssumeRolePolicyDocument: PolicyDocument }));

  it("is free, or this stack's, with its policies and no key", async () => {
    expect(await rows("r", undefined, {}, byRole("Free"))).toEqual({
      [IAM]: "pass: Free, r-p-…: this stack's, or free",
      [POLICIES]: "pass: none yet: the deployment attaches them",
      [KEYS]: "pass: r has none: the Platform assumes a role",
    });
    await make("Own");
    expect(await rows("r", undefined, {}, byRole("Own"), { roleNames: ["Own"] })).toMatchObject({
      [IAM]: "pass: Own, r-p-…: this stack's, or free",
      [POLICIES]: `fail: Policies were detached from the IAM role Own by hand: without Forge, Launch, S3\n${REFRESH}`,
    });
  });

  it("is all that the deployer may look at", async () => {
    const { userName: UserName } = seed.deployer;
    const hidden = { Effect: "Deny", Action: "iam:ListAccessKeys", Resource: "*" };
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [hidden] });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "role-only", PolicyDocument }));
    expect((await rows("hidden", undefined, {}, byRole("Free")))[KEYS]).toBe(
      "not applicable: the deployer may not see hidden, which a role needs not",
    );
    expect((await rows("hidden", undefined))[KEYS]).toMatch(/^fail: .* to perform: iam:ListAccessKeys /);
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: "role-only" }));
  });

  it("is somebody else's", async () => {
    await make("Theirs", []);
    expect((await rows("r", undefined, {}, byRole("Theirs")))[IAM])
      .toBe(`fail: The IAM role Theirs exists already: it was not made by this stack
mend: pulumi config set AWSMegatests:roleName ANOTHER, or delete it in AWS`);
  });

  it("has come, and the key of the time before is still there", async () => {
    await user("former");
    const id = await key("former");
    expect((await rows("former", [id], { "tower-awstest": id }, byRole("Free")))[KEYS]).toBe(
      `pass: ${id}, in the state and on the Platform`,
    );
  });
});

describe("one access key", () => {
  it("is inactive: whoever works with it is refused", async () => {
    await user("asleep");
    const id = await key("asleep");
    await iam.send(new UpdateAccessKeyCommand({ UserName: "asleep", AccessKeyId: id, Status: "Inactive" }));
    expect((await rows("asleep", [id], { "tower-awstest": id }))[KEYS])
      .toBe(`fail: access key ${id} is inactive: whoever works with it is refused
mend: aws iam update-access-key --user-name asleep --access-key-id ${id} --status Active`);
  });
});

describe("two access keys", () => {
  it("are an unfinished rotation, an orphan, or both in use", async () => {
    await user("two");
    const [first, second] = [await key("two"), await key("two")];
    const unfinished = await rows("two", [first, second], { "tower-awstest": first });
    expect(unfinished[KEYS]).toBe(
      `fail: access keys ${first} and ${second}, both in the state\nmend: pulumi up (finishes the last rotation)`,
    );
    const orphan = await rows("two", [first], { "tower-awstest": first });
    expect(orphan[KEYS])
      .toBe(`fail: access key ${second}: not in the state, and in no credentials on Seqera Platform
mend: ${RECOVER} (nobody works with it: deleted)`);
    const both = await rows("two", [first], { "tower-awstest": first, mine: second });
    expect(both[KEYS])
      .toBe(`fail: The IAM user has two access keys already, and Seqera Platform works with both of them: ${second} in mine (id-of-mine)
mend: delete the credentials mine (id-of-mine) on the Platform; then: pulumi up`);
  });

  it("are none where one was deleted by hand, and the user with it", async () => {
    await user("gone");
    const id = await key("gone");
    await dropKey("gone", id);
    const lost = `fail: access key ${id}: in the state, not in AWS\nmend: pulumi up (another one is made)`;
    expect((await rows("gone", [id]))[KEYS]).toBe(lost);
    await iam.send(new DeleteUserCommand({ UserName: "gone" }));
    expect((await rows("gone", [id]))[KEYS]).toBe(lost);
  });
});
