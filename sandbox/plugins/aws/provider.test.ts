/** The aws stand-in against the sandbox's AWS, call by call. */
import { randomUUID } from "node:crypto";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListPolicyVersionsCommand,
} from "@aws-sdk/client-iam";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "../kit/lifecycle.ts";
import type { CallContext } from "../kit/resource.ts";
import type { Props } from "../kit/values.ts";
import { startAws, type AwsService } from "../../services/aws/gateway.ts";
import { pythonForTests } from "../../services/aws/python-for-tests.ts";
import { FaultInjector } from "../../services/faults.ts";
import { makeSeed } from "../../services/seed.ts";
import { aws } from "./provider.ts";
import { configure, type AwsSession } from "./session.ts";

const seed = makeSeed();
let service: AwsService;
let session: AwsSession;
let iam: IAMClient;

const variables = (): Record<string, string> => ({
  region: seed.region,
  accessKey: seed.deployer.accessKeyId,
  secretKey: seed.deployer.secretAccessKey,
  endpoints: JSON.stringify([{ iam: service.url, s3: service.url, sts: service.url }]),
  s3UsePathStyle: "true",
  skipCredentialsValidation: "true",
  skipRequestingAccountId: "true",
  defaultTags: JSON.stringify({ tags: { managed: "pulumi" } }),
});

beforeAll(async () => {
  service = await startAws({
    faults: new FaultInjector(),
    seed,
    python: await pythonForTests(),
    newKeySeconds: 0,
  });
  session = await configure(variables(), {});
  iam = session.iam();
}, 120_000);
afterAll(() => service.close());

const unique = (): string => `t-${randomUUID().slice(0, 8)}`;
const context = (): CallContext<AwsSession> => ({
  session,
  urn: "urn:pulumi:s::p::t::n",
  log: () => undefined,
  signal: AbortSignal.timeout(60_000),
});
function typeOf(token: string) {
  const type = aws.resources[token];
  if (!type) throw new Error(`no ${token}`);
  return type;
}
async function make(token: string, given: Props) {
  const { inputs, failures } = check(typeOf(token), "n", {}, given);
  expect(failures).toEqual([]);
  return { inputs, ...(await typeOf(token).create(context(), inputs)) };
}

const USER = "aws:iam/user:User";
const KEY = "aws:iam/accessKey:AccessKey";
const POLICY = "aws:iam/policy:Policy";
const BUCKET = "aws:s3/bucket:Bucket";
const document = (action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });

describe("resources", { timeout: 30_000 }, () => {
  it("makes, reads and changes a user, with the provider's tags under its own", async () => {
    const { id, inputs, outs } = await make(USER, { name: unique(), path: "/a/", tags: { team: "x" } });
    expect(outs).toMatchObject({
      path: "/a/",
      tags: { team: "x" },
      tagsAll: { team: "x", managed: "pulumi" },
    });
    const found = await typeOf(USER).read(context(), id, {});
    expect([outs.tags, found?.tags]).toEqual([{ team: "x" }, { team: "x" }]);
    const untagged = await typeOf(USER).update(context(), id, outs, { ...inputs, tags: {} });
    expect(untagged).toMatchObject({ path: "/a/", tags: {}, tagsAll: { managed: "pulumi" } });
    const changed = await typeOf(USER).update(context(), id, untagged, { ...inputs, path: "/b/", tags: {} });
    expect(changed).toMatchObject({ path: "/b/" });
    expect(await typeOf(USER).read(context(), id, {})).toMatchObject({ name: id, path: "/b/" });
    await typeOf(USER).delete(context(), id, changed);
    expect(await typeOf(USER).read(context(), id, {})).toBeUndefined();
  });

  it("makes a key with its secret, never a third, and notices on a read that one is gone", async () => {
    const { id: user } = await make(USER, { name: unique() });
    const first = await make(KEY, { user });
    expect(first.outs).toMatchObject({
      user,
      status: "Active",
      secret: expect.stringMatching(/^.{40}$/) as string,
    });
    expect(first.outs.createDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    await make(KEY, { user });
    await expect(make(KEY, { user })).rejects.toThrow(
      /^creating IAM Access Key \(t-\w+\): operation error IAM: CreateAccessKey, https response error StatusCode: 409, RequestID: .+, LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2$/,
    );
    expect(
      await typeOf(KEY).update(context(), first.id, first.outs, { user, status: "Inactive" }),
    ).toMatchObject({
      status: "Inactive",
      secret: first.outs.secret,
    });
    expect(await typeOf(KEY).read(context(), first.id, first.outs)).toMatchObject({ status: "Inactive" });
    await typeOf(KEY).delete(context(), first.id, first.outs);
    await typeOf(KEY).delete(context(), first.id, first.outs);
    expect(await typeOf(KEY).read(context(), first.id, first.outs)).toBeUndefined();
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: user }));
    expect(AccessKeyMetadata).toHaveLength(1);
  });

  it("imports a key by its id, without its secret", async () => {
    const UserName = unique();
    await iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const read = await typeOf(KEY).read(context(), AccessKey?.AccessKeyId as string, {});
    expect(read).toMatchObject({ user: UserName, status: "Active" });
    expect(read).not.toHaveProperty("secret");
  });

  it("makes a changed document the default version, the oldest of five goes, and deletes all of them", async () => {
    const { id, inputs, outs } = await make(POLICY, { name: unique(), policy: document("s3:v1") });
    let last = outs;
    for (const action of ["s3:v2", "s3:v3", "s3:v4", "s3:v5", "s3:v6"])
      last = await typeOf(POLICY).update(context(), id, last, { ...inputs, policy: document(action) });
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: id }));
    const ids = Versions?.map(
      ({ VersionId, IsDefaultVersion }) => `${VersionId}${IsDefaultVersion ? "*" : ""}`,
    );
    expect(ids?.sort()).toEqual(["v2", "v3", "v4", "v5", "v6*"]);
    expect(last.policy).toBe(document("s3:v6"));
    await typeOf(POLICY).delete(context(), id, last);
    expect(await typeOf(POLICY).read(context(), id, {})).toBeUndefined();
  });

  it("attaches a policy to a user, by an id that imports it", async () => {
    const attachment = typeOf("aws:iam/userPolicyAttachment:UserPolicyAttachment");
    const [{ id: user }, { id: policyArn }] = [
      await make(USER, { name: unique() }),
      await make(POLICY, { name: unique(), policy: document("s3:x") }),
    ];
    const { id, outs } = await attachment.create(context(), { user, policyArn });
    expect(id).toBe(`${user}/${policyArn}`);
    expect(await attachment.read(context(), id, {})).toEqual({ user, policyArn });
    await attachment.delete(context(), id, outs);
    expect(await attachment.read(context(), id, outs)).toBeUndefined();
    await expect(attachment.read(context(), "nonsense", {})).rejects.toThrow(
      "expected <user-name>/<policy_arn>",
    );
  });

  it("deletes a bucket with objects only by force, and tells what it has without managing it", async () => {
    const { id, outs } = await make(BUCKET, { bucket: unique(), tags: { a: "b" } });
    expect(outs).toMatchObject({
      arn: `arn:aws:s3:::${id}`,
      region: "eu-west-1",
      tags: { a: "b" },
      versioning: { enabled: false, mfaDelete: false },
      corsRules: [],
      lifecycleRules: [],
    });
    const versioning = { bucket: id, versioningConfiguration: { status: "Enabled" } };
    await make("aws:s3/bucketVersioning:BucketVersioning", versioning);
    expect(await typeOf(BUCKET).read(context(), id, outs)).toMatchObject({ versioning: { enabled: true } });
    await session.s3().send(new PutObjectCommand({ Bucket: id, Key: "k", Body: "v" }));
    await expect(typeOf(BUCKET).delete(context(), id, outs)).rejects.toThrow("BucketNotEmpty");
    await typeOf(BUCKET).delete(context(), id, { ...outs, forceDestroy: true });
    expect(await typeOf(BUCKET).read(context(), id, outs)).toBeUndefined();
  });

  it("puts, reads and takes away a bucket's settings", async () => {
    const { id: bucket } = await make(BUCKET, { bucket: unique() });
    const Deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${bucket}/*` };
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ ...Deny, Condition: { Bool: { "aws:SecureTransport": "false" } } }],
    });
    const settings: Record<string, Props> = {
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        blockPublicAcls: true,
        restrictPublicBuckets: true,
      },
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        rule: { objectOwnership: "BucketOwnerEnforced" },
      },
      "aws:s3/bucketPolicy:BucketPolicy": { policy },
    };
    for (const [token, given] of Object.entries(settings)) {
      const { id, outs } = await make(token, { bucket, ...given });
      expect(await typeOf(token).read(context(), id, {}), token).toMatchObject({ bucket, ...given });
      await typeOf(token).delete(context(), id, outs);
      expect(await typeOf(token).read(context(), id, outs), token).toBeUndefined();
    }
  });

  it("refuses what the real one manages on a bucket by deprecated arguments", () => {
    const { failures } = check(typeOf(BUCKET), "n", {}, { corsRules: [] });
    expect(failures).toEqual([
      { property: "corsRules", reason: "not managed by this stand-in of the sandbox" },
    ]);
  });
});

describe("functions", () => {
  const call = (token: string, args: Props) => aws.functions[token]?.(session, args);

  it("lists a user's keys, none for one without", async () => {
    const { id: user } = await make(USER, { name: unique() });
    const token = "aws:iam/getAccessKeys:getAccessKeys";
    expect(await call(token, { user })).toEqual({ id: user, user, accessKeys: [] });
    const { id, outs } = await make(KEY, { user });
    const accessKeys = [{ accessKeyId: id, createDate: outs.createDate, status: "Active" }];
    expect(await call(token, { user })).toMatchObject({ accessKeys });
  });

  it.each([
    ["aws:iam/getUser:getUser", { userName: "nobody" }],
    ["aws:iam/getAccessKeys:getAccessKeys", { user: "nobody" }],
    ["aws:s3/getBucket:getBucket", { bucket: "no-such-bucket" }],
  ])("%s says that there is none", async (token, args) => {
    await expect(call(token, args)).rejects.toThrow("couldn't find resource");
  });

  it("tells who it works as", async () => {
    const arn = `arn:aws:iam::${seed.awsAccountId}:user/${seed.deployer.userName}`;
    expect(await call("aws:index/getCallerIdentity:getCallerIdentity", {})).toMatchObject({
      accountId: seed.awsAccountId,
      arn,
    });
  });
});

describe("configuration", () => {
  const without = (...names: string[]): Record<string, string> =>
    Object.fromEntries(Object.entries(variables()).filter(([name]) => !names.includes(name)));
  const checked = (): Record<string, string> =>
    without("skipCredentialsValidation", "skipRequestingAccountId");

  it("checks the credentials where the environment says, not at the provider's endpoints", async () => {
    await expect(configure(checked(), {})).rejects.toThrow("start the plugin with AWS_ENDPOINT_URL_STS");
    await expect(configure(checked(), { AWS_ENDPOINT_URL: service.url })).resolves.toBeDefined();
  });

  it("says which credentials AWS does not take, without their secret", async () => {
    const wrong = { ...checked(), secretKey: "x".repeat(40) };
    const error = await configure(wrong, { AWS_ENDPOINT_URL_STS: service.url }).catch(
      (reason: Error) => reason.message,
    );
    expect(error).toMatch(/^unable to validate AWS credentials\.\nDetails: .* SignatureDoesNotMatch: /);
    expect(error).not.toContain("xxx");
  });

  it("takes a session token that is left out from the environment for the check, and none where it is empty", async () => {
    const environment = { AWS_ENDPOINT_URL_STS: service.url, AWS_SESSION_TOKEN: "of somebody else" };
    await expect(configure(checked(), environment)).rejects.toThrow(/^unable to validate AWS credentials\./);
    await expect(configure({ ...checked(), token: "" }, environment)).resolves.toBeDefined();
    await expect(configure(variables(), environment)).resolves.toBeDefined();
  });

  it("wants the environment's profile to be there, also beside a key", async () => {
    const profile = "of-somebody-else";
    const environment = { AWS_CONFIG_FILE: "/nowhere", AWS_SHARED_CREDENTIALS_FILE: "/nowhere" };
    await expect(
      configure({ ...variables(), profile: "" }, { ...environment, AWS_PROFILE: profile }),
    ).rejects.toThrow("loading configuration: failed to get shared config profile, of-somebody-else");
    await expect(configure({ ...variables(), profile }, environment)).rejects.toThrow(profile);
    await expect(configure({ ...variables(), profile: "" }, environment)).resolves.toBeDefined();
  });

  it("works as a role when told to", async () => {
    const Principal = { AWS: `arn:aws:iam::${seed.awsAccountId}:root` };
    const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }];
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement });
    const { outs } = await make("aws:iam/role:Role", { name: unique(), assumeRolePolicy });
    const assumeRoles = JSON.stringify([{ roleArn: outs.arn, sessionName: "preview" }]);
    const assumed = await configure({ ...variables(), assumeRoles }, {});
    const { arn } = (await aws.functions["aws:index/getCallerIdentity:getCallerIdentity"]?.(
      assumed,
      {},
    )) as Props;
    expect(arn).toBe(`arn:aws:sts::${seed.awsAccountId}:assumed-role/${String(outs.name)}/preview`);
  });

  it("never calls the real AWS", async () => {
    const local = await configure(without("endpoints"), {});
    expect(() => local.iam()).toThrow("the stand-in aws plugin never calls the real IAM");
    const real = { ...variables(), endpoints: '[{"iam":"https://iam.amazonaws.com"}]' };
    await expect(configure(real, {})).rejects.toThrow("endpoints.iam is https://iam.amazonaws.com");
  });
});
