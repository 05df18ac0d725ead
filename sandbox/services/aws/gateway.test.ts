import { gzipSync } from "node:zlib";
import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  DescribeComputeEnvironmentsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-batch";
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FaultInjector } from "../faults.ts";
import { makeSeed } from "../seed.ts";
import { startAws, type AwsService } from "./gateway.ts";
import { pythonForTests } from "./python-for-tests.ts";

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

const seed = makeSeed();
const faults = new FaultInjector();
let python: string;
let aws: AwsService;

function clients(credentials: Credentials = seed.deployer, service = aws) {
  const config = {
    endpoint: service.url,
    region: seed.region,
    credentials,
    maxAttempts: 1,
  };
  return {
    iam: new IAMClient(config),
    sts: new STSClient(config),
    batch: new BatchClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
}

let users = 0;
/** A user who may do `actions`; by default what {@link askAll} asks. */
async function newUser(
  actions: string[] = ["batch:DescribeComputeEnvironments", "s3:ListAllMyBuckets"],
): Promise<string> {
  const UserName = `user-${users++}`;
  const { iam } = clients();
  await iam.send(new CreateUserCommand({ UserName }));
  const Statement = [{ Effect: "Allow", Action: actions, Resource: "*" }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  if (actions.length > 0)
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "own", PolicyDocument }));
  return UserName;
}

async function newKey(UserName: string): Promise<Credentials> {
  const { AccessKey } = await clients().iam.send(new CreateAccessKeyCommand({ UserName }));
  return {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  };
}

const DOCUMENT = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "batch:DescribeJobs", Resource: "*" }],
});

const refusal = (name: string, status: number) => ({
  name,
  $metadata: { httpStatusCode: status },
});

/** What each of the three services the rotation asks says to these credentials: a list of error names. */
async function askAll(credentials: Credentials, service = aws): Promise<(string | undefined)[]> {
  const { sts, batch, s3 } = clients(credentials, service);
  const answers = await Promise.allSettled([
    sts.send(new GetCallerIdentityCommand({})),
    batch.send(new DescribeComputeEnvironmentsCommand({})),
    s3.send(new ListBucketsCommand({})),
  ]);
  return answers.map((answer) => (answer.status === "fulfilled" ? undefined : (answer.reason as Error).name));
}

const ACCEPTED = [undefined, undefined, undefined];
const UNKNOWN = ["InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"];

beforeAll(async () => {
  python = await pythonForTests();
  aws = await startAws({ faults, seed, python, newKeySeconds: 0 });
}, 180_000);

afterAll(() => aws?.close());

beforeEach(() => {
  faults.clear();
  aws.setNewKeySeconds(0);
  aws.setServiceDelays({});
});

describe("a fresh world", () => {
  it("has the deployer with the seed's key", async () => {
    const { Account, Arn } = await clients().sts.send(new GetCallerIdentityCommand({}));
    expect(Account).toBe(seed.awsAccountId);
    expect(Arn).toBe(`arn:aws:iam::${seed.awsAccountId}:user/${seed.deployer.userName}`);
    expect(await aws.keys(seed.deployer.userName)).toEqual([
      expect.objectContaining({ AccessKeyId: seed.deployer.accessKeyId, Status: "Active" }),
    ]);
  });

  it("has the seed's bucket with settings made by hand", async () => {
    expect(await aws.buckets()).toEqual([
      {
        name: seed.bucket,
        cors: [expect.objectContaining({ AllowedOrigins: ["https://nf-co.re"] })],
        lifecycle: [expect.objectContaining({ ID: "expire-work", Expiration: { Days: 180 } })],
        tags: expect.arrayContaining([{ Key: "project", Value: "megatests" }]) as unknown,
        versioning: "Enabled",
      },
    ]);
  });

  it("knows AWS's own managed policies", async () => {
    const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole";
    const { Policy } = await clients().iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy?.PolicyName).toBe("AWSBatchServiceRole");
    expect(await aws.policies()).toEqual([]);
  });
});

describe("access keys", () => {
  it("are at most two a user", async () => {
    const user = await newUser();
    await newKey(user);
    await newKey(user);
    await expect(newKey(user)).rejects.toMatchObject({
      ...refusal("LimitExceededException", 409),
      message: "Cannot exceed quota for AccessKeysPerUser: 2",
    });
    expect(await aws.keys(user)).toHaveLength(2);
  });

  it("are refused by every service once deleted", async () => {
    const user = await newUser();
    const key = await newKey(user);
    expect(await askAll(key)).toEqual(ACCEPTED);
    await clients().iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: key.accessKeyId }));
    expect(await askAll(key)).toEqual(UNKNOWN);
  });

  it("are refused while inactive", async () => {
    const user = await newUser();
    const key = await newKey(user);
    const AccessKeyId = key.accessKeyId;
    const set = (Status: "Active" | "Inactive") =>
      clients().iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId, Status }));
    await set("Inactive");
    expect(await askAll(key)).toEqual(UNKNOWN);
    await set("Active");
    expect(await askAll(key)).toEqual(ACCEPTED);
  });

  it("are refused with a wrong secret", async () => {
    const key = await newKey(await newUser());
    expect(await askAll({ ...key, secretAccessKey: "wrong" })).toEqual([
      "SignatureDoesNotMatch",
      "InvalidSignatureException",
      "SignatureDoesNotMatch",
    ]);
  });

  it("are asked for", async () => {
    const answer = await fetch(`${aws.url}/?Action=GetCallerIdentity&Version=2011-06-15`);
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining("<Code>MissingAuthenticationToken</Code>"),
    ]);
  });
});

describe("a new key", () => {
  it("is not known for some seconds, by each service in its own words", async () => {
    aws.setNewKeySeconds(60);
    const user = await newUser();
    const key = await newKey(user);
    expect(await askAll(key)).toEqual(UNKNOWN);
    expect(await aws.keys(user)).toHaveLength(1);
    expect(await askAll(seed.deployer)).toEqual(ACCEPTED);
    aws.setNewKeySeconds(0);
    expect(await askAll(key)).toEqual(ACCEPTED);
  });

  it("becomes known by itself", async () => {
    aws.setNewKeySeconds(1);
    const key = await newKey(await newUser());
    expect(await askAll(key)).toEqual(UNKNOWN);
    await expect.poll(() => askAll(key), { timeout: 5000, interval: 200 }).toEqual(ACCEPTED);
  });

  it("is not known everywhere at once", async () => {
    aws.setServiceDelays({ batch: 60 });
    const key = await newKey(await newUser());
    expect(await askAll(key)).toEqual([undefined, "UnrecognizedClientException", undefined]);
  });

  it("is refused by EC2 and S3 HEAD with their own statuses", async () => {
    aws.setNewKeySeconds(60);
    const key = await newKey(await newUser());
    const head = clients(key).s3.send(new HeadBucketCommand({ Bucket: seed.bucket }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    const scope = `${key.accessKeyId}/20260101/${seed.region}/ec2/aws4_request`;
    const ec2 = await fetch(aws.url, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      },
      body: "Action=DescribeVpcs&Version=2016-11-15",
    });
    expect([ec2.status, await ec2.text()]).toEqual([
      401,
      expect.stringContaining("<Response><Errors><Error><Code>AuthFailure</Code>"),
    ]);
  });
});

describe("a user", () => {
  it("with keys, policies or groups is not deleted", async () => {
    const { iam } = clients();
    const UserName = await newUser([]);
    const remove = () => iam.send(new DeleteUserCommand({ UserName }));

    const { accessKeyId: AccessKeyId } = await newKey(UserName);
    await expect(remove()).rejects.toMatchObject({
      ...refusal("DeleteConflictException", 409),
      message: "Cannot delete entity, must delete access keys first.",
    });
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));

    const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    await expect(remove()).rejects.toMatchObject({
      ...refusal("DeleteConflictException", 409),
      message: "Cannot delete entity, must detach all policies first.",
    });
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));

    const GroupName = "group";
    await iam.send(new CreateGroupCommand({ GroupName }));
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
    await expect(remove()).rejects.toMatchObject({
      ...refusal("DeleteConflictException", 409),
      message: "Cannot delete entity, must remove users from group first.",
    });
    await iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName }));

    await remove();
    expect((await aws.users()).map((user) => user.UserName)).not.toContain(UserName);
  });
});

describe("Batch without docker", () => {
  it("answers requests without a body too", async () => {
    const { iam, batch } = clients();
    const AssumeRolePolicyDocument = DOCUMENT.replace("batch:DescribeJobs", "sts:AssumeRole").replace(
      '"Resource":"*"',
      '"Principal":{"Service":"batch.amazonaws.com"}',
    );
    const role = { RoleName: "batch", AssumeRolePolicyDocument };
    const serviceRole = (await iam.send(new CreateRoleCommand(role))).Role?.Arn;
    const environment = { computeEnvironmentName: "environment", serviceRole, tags: { by: "test" } };
    const { computeEnvironmentArn: resourceArn } = await batch.send(
      new CreateComputeEnvironmentCommand({ ...environment, type: "UNMANAGED" }),
    );
    const { tags } = await batch.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual(environment.tags);
    expect(faults.calls.at(-1)?.path).toBe("batch:ListTagsForResource");

    // This SDK sends the hash of the body with each request; others (Python's, Go's) leave AWS to find that it is empty.
    const ask =
      "import boto3, sys; b = boto3.client('batch', endpoint_url=sys.argv[1]); " +
      "print(b.list_tags_for_resource(resourceArn=sys.argv[2])['tags'])";
    const { stdout } = await execa(python, ["-c", ask, aws.url, String(resourceArn)], {
      env: {
        AWS_ACCESS_KEY_ID: seed.deployer.accessKeyId,
        AWS_SECRET_ACCESS_KEY: seed.deployer.secretAccessKey,
        AWS_REGION: seed.region,
        AWS_DEFAULT_REGION: seed.region,
      },
    });
    expect(stdout).toBe("{'by': 'test'}");
  });
});

describe("S3 through the gateway", () => {
  it("keeps bodies, odd names and HEAD's length", async () => {
    const { s3 } = clients();
    const at = { Bucket: seed.bucket, Key: "work/a b+c=ü/(1).txt" };
    const Body = Buffer.alloc(3 * 1024 * 1024, "ä");
    await s3.send(new PutObjectCommand({ ...at, Body, ContentType: "application/json" }));
    const { ContentLength } = await s3.send(new HeadObjectCommand(at));
    expect(ContentLength).toBe(Body.length);
    const { Body: stored } = await s3.send(new GetObjectCommand(at));
    expect(Body.equals(Buffer.from((await stored?.transformToByteArray()) ?? []))).toBe(true);
    const { Contents } = await s3.send(
      new ListObjectsV2Command({ Bucket: seed.bucket, Prefix: "work/a b+" }),
    );
    expect(Contents?.map((object) => object.Key)).toEqual([at.Key]);
  });
});

describe("faults and the record", () => {
  it("go by action, and answer in the service's own shape", async () => {
    const since = faults.calls.length;
    faults.add({ service: "aws", path: "^iam:CreateUser$", kind: "status", status: 503 });
    faults.add({ service: "aws", path: "^batch:Describe", kind: "status", status: 429 });
    faults.add({ service: "aws", path: "^s3:GET /.* cors$", kind: "status", status: 500 });
    const { iam, batch, s3 } = clients();
    const UserName = "faulty";
    await expect(iam.send(new CreateUserCommand({ UserName }))).rejects.toMatchObject(
      refusal("ServiceUnavailable", 503),
    );
    await expect(batch.send(new DescribeComputeEnvironmentsCommand({}))).rejects.toMatchObject(
      refusal("TooManyRequestsException", 429),
    );
    await expect(s3.send(new GetBucketCorsCommand({ Bucket: seed.bucket }))).rejects.toMatchObject(
      refusal("InternalError", 500),
    );
    await iam.send(new CreateUserCommand({ UserName }));
    expect(faults.calls.slice(since).map(({ method, path, status }) => [method, path, status])).toEqual([
      ["POST", "iam:CreateUser", 503],
      ["POST", "batch:DescribeComputeEnvironments", 429],
      ["GET", `s3:GET /${seed.bucket} cors`, 500],
      ["POST", "iam:CreateUser", 200],
    ]);
  });

  it("make a key nobody learns of when the answer is lost", async () => {
    const user = await newUser();
    faults.add({ service: "aws", path: "^iam:CreateAccessKey$", kind: "drop-after" });
    await expect(newKey(user)).rejects.toThrow();
    expect(await aws.keys(user)).toHaveLength(1);
  });

  it("do not show what is asked past the gateway", async () => {
    const since = faults.calls.length;
    await aws.users();
    expect(faults.calls).toHaveLength(since);
  });

  it("moto's own switches are out of reach", async () => {
    for (const path of ["/moto-api/reset", "/sandbox/state", "/sandbox/identity"]) {
      expect((await fetch(`${aws.url}${path}`, { method: "POST" })).status).toBe(404);
    }
    const { endpoint } = aws.adminClientConfig();
    expect((await fetch(`${endpoint}/sandbox/state`)).status).toBe(403);
  });
});

describe("a saved world", () => {
  it("goes on in a new process", async () => {
    const { iam, s3 } = clients();
    const user = await newUser(["batch:Describe*", "s3:*"]);
    const key = await newKey(user);
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: "kept", PolicyDocument: DOCUMENT }),
    );
    const PolicyArn = Policy?.Arn ?? "";
    const changed = DOCUMENT.replace("DescribeJobs", "ListJobs");
    await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: changed, SetAsDefault: true }),
    );
    await iam.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn }));
    const at = { Bucket: seed.bucket, Key: "work/kept" };
    await s3.send(new PutObjectCommand({ ...at, Body: "kept" }));
    aws.setServiceDelays({ batch: 3600 });
    const young = await newKey(user);
    const expected = [await aws.buckets(), await aws.policies(), await aws.users()];

    const saved = JSON.parse(JSON.stringify(await aws.snapshot())) as unknown;
    const delays = { newKeySeconds: 0, perServiceSeconds: { batch: 3600 } };
    const next = await startAws({ faults, seed, python, saved, ...delays });
    try {
      expect([await next.buckets(), await next.policies(), await next.users()]).toEqual(expected);
      expect((await next.policies())[0]).toEqual({
        name: "kept",
        arn: PolicyArn,
        versionId: "v2",
        document: JSON.parse(changed) as unknown,
      });
      expect(await askAll(young, next)).toEqual([undefined, "UnrecognizedClientException", undefined]);
      next.setServiceDelays({});
      expect(await askAll(key, next)).toEqual(ACCEPTED);
      const third = clients(seed.deployer, next).iam.send(new CreateAccessKeyCommand({ UserName: user }));
      await expect(third).rejects.toMatchObject({ name: "LimitExceededException" });
      const object = await clients(key, next).s3.send(new GetObjectCommand(at));
      expect(await object.Body?.transformToString()).toBe("kept");
      const again = new CreateBucketCommand({
        Bucket: seed.bucket,
        CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
      });
      await expect(clients(key, next).s3.send(again)).rejects.toMatchObject({
        name: "BucketAlreadyOwnedByYou",
      });
      const { computeEnvironments } = await clients(key, next).batch.send(
        new DescribeComputeEnvironmentsCommand({}),
      );
      expect(computeEnvironments?.map((each) => each.computeEnvironmentName)).toEqual(["environment"]);
      const { PublicAccessBlockConfiguration } = await clients(key, next).s3.send(
        new GetPublicAccessBlockCommand({ Bucket: seed.bucket }),
      );
      expect(PublicAccessBlockConfiguration?.BlockPublicPolicy).toBe(true);
      await clients(seed.deployer, next).iam.send(
        new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: key.accessKeyId }),
      );
      expect(await askAll(key, next)).toEqual(UNKNOWN);
    } finally {
      await next.close();
    }
    expect(await askAll(key)).toEqual([undefined, "UnrecognizedClientException", undefined]);
  }, 60_000);

  it.each([
    ["of another moto", gzipSync("(dS'moto'\nS'0.1'\ns."), "saved by moto 0.1, and this is moto 5.2.5"],
    ["that is damaged", gzipSync("?"), "not a saved world"],
    ["that is none", Buffer.from("?"), "not a saved world"],
  ])("%s is refused", async (_what, state, why) => {
    const saved = { moto: state.toString("base64"), keyTimes: {} };
    await expect(startAws({ faults, seed, python, saved })).rejects.toThrow(why);
  });
});

it("a Python without moto is refused with its own words", async () => {
  await expect(startAws({ faults, seed, python: "/usr/bin/env" })).rejects.toThrow(
    "moto did not start with /usr/bin/env: it ended at once",
  );
});
