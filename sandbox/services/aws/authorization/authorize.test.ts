import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  DescribeComputeEnvironmentsCommand,
} from "@aws-sdk/client-batch";
import { CreateLaunchTemplateCommand, DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultInjector } from "../../faults.ts";
import { makeSeed } from "../../seed.ts";
import { startAws, type AwsService } from "../gateway.ts";
import { pythonForTests } from "../python-for-tests.ts";

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

interface Statement {
  Effect?: "Allow" | "Deny";
  Action: string | string[];
  Resource?: string | string[];
  Condition?: object;
  Principal?: object | string;
}

const seed = makeSeed();
const ACCOUNT = seed.awsAccountId;
const BUCKET = `arn:aws:s3:::${seed.bucket}`;
let aws: AwsService;

beforeAll(async () => {
  aws = await startAws({
    faults: new FaultInjector(),
    seed,
    python: await pythonForTests(),
    newKeySeconds: 0,
  });
}, 180_000);
afterAll(() => aws?.close());

function as(credentials: Credentials, region = seed.region) {
  const config = { endpoint: aws.url, region, credentials, maxAttempts: 1 };
  return {
    iam: new IAMClient(config),
    sts: new STSClient(config),
    batch: new BatchClient(config),
    ec2: new EC2Client(config),
    ssm: new SSMClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
}
const admin = () => as(seed.deployer);

const documentOf = (...statements: Statement[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement, at) => ({ Sid: `S${at}`, Effect: "Allow", ...statement })),
  });

let made = 0;
/** A user with these statements and nothing else, and a key of theirs. */
async function user(...statements: Statement[]) {
  const UserName = `user-${made++}`;
  const { iam } = admin();
  await iam.send(new CreateUserCommand({ UserName }));
  await grant(UserName, ...statements);
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
  return {
    UserName,
    arn: `arn:aws:iam::${ACCOUNT}:user/${UserName}`,
    key: { accessKeyId, secretAccessKey },
    ...as({ accessKeyId, secretAccessKey }),
  };
}

async function grant(UserName: string, ...statements: Statement[]) {
  if (statements.length === 0) return;
  const PolicyDocument = documentOf(...statements.map((each) => ({ Resource: "*", ...each })));
  await admin().iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "own", PolicyDocument }));
}

/** A role that trusts whom `trust` says, with these statements. */
async function role(RoleName: string, trust: Statement, ...statements: Statement[]) {
  const { iam } = admin();
  const AssumeRolePolicyDocument = documentOf(trust);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  if (statements.length > 0) {
    const PolicyDocument = documentOf(...statements);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
  }
  return Role?.Arn ?? "";
}

const trusting = (arn: string, Condition?: object): Statement => ({
  Action: "sts:AssumeRole",
  Principal: { AWS: arn },
  ...(Condition && { Condition }),
});

/** Name, status and whole text of the refusal. */
async function refusal(sending: Promise<unknown>): Promise<[name: string, status: number, message: string]> {
  const error = await sending.then(
    () => Promise.reject(new Error("it was allowed")),
    (error: Error & { $metadata?: { httpStatusCode?: number } }) => error,
  );
  return [error.name, error.$metadata?.httpStatusCode ?? 0, error.message];
}

const environment = (name: string, serviceRole: string) =>
  new CreateComputeEnvironmentCommand({ computeEnvironmentName: name, type: "UNMANAGED", serviceRole });

describe("an identity's documents", () => {
  it("allow what they name, and nothing without them", async () => {
    const some = await user();
    const denied = `User: ${some.arn} is not authorized to perform: batch:DescribeComputeEnvironments on resource: * because no identity-based policy allows the batch:DescribeComputeEnvironments action`;
    const ask = () => some.batch.send(new DescribeComputeEnvironmentsCommand({}));
    expect(await refusal(ask())).toEqual(["AccessDeniedException", 403, denied]);
    await grant(some.UserName, { Action: "batch:Describe*" });
    await expect(ask()).resolves.toBeDefined();
    await grant(
      some.UserName,
      { Action: "*" },
      { Effect: "Deny", Action: "batch:DescribeComputeEnvironments" },
    );
    expect(await refusal(ask())).toEqual([
      "AccessDeniedException",
      403,
      `User: ${some.arn} is not authorized to perform: batch:DescribeComputeEnvironments on resource: * with an explicit deny in an identity-based policy`,
    ]);
  });

  it("are those of the user's groups too", async () => {
    const { UserName, s3 } = await user();
    const { iam } = admin();
    const group = { GroupName: "listers" };
    await iam.send(new CreateGroupCommand(group));
    const PolicyDocument = documentOf({ Action: "s3:ListAllMyBuckets", Resource: "*" });
    await iam.send(new PutGroupPolicyCommand({ ...group, PolicyName: "own", PolicyDocument }));
    await iam.send(new AddUserToGroupCommand({ ...group, UserName }));
    await expect(s3.send(new ListBucketsCommand({}))).resolves.toBeDefined();
    await iam.send(new RemoveUserFromGroupCommand({ ...group, UserName }));
    expect((await refusal(s3.send(new ListBucketsCommand({}))))[0]).toBe("AccessDenied");
  });

  it("never forbid to ask who one is", async () => {
    const some = await user({ Effect: "Deny", Action: "*" });
    expect((await some.sts.send(new GetCallerIdentityCommand())).Arn).toBe(some.arn);
  });

  it("hold for the resources and conditions they name", async () => {
    const serviceRole = await role("TowerForge-Service", {
      Action: "sts:AssumeRole",
      Principal: { Service: "batch.amazonaws.com" },
    });
    const mine = `arn:aws:batch:${seed.region}:${ACCOUNT}:compute-environment/TowerForge-*`;
    const some = await user(
      { Action: "batch:CreateComputeEnvironment", Resource: mine },
      {
        Action: "iam:PassRole",
        Resource: `arn:aws:iam::${ACCOUNT}:role/TowerForge-*`,
        Condition: { StringEquals: { "iam:PassedToService": "batch.amazonaws.com" } },
      },
      {
        Action: "ec2:DescribeVpcs",
        Condition: { StringEquals: { "aws:RequestedRegion": seed.region } },
      },
    );
    expect(await refusal(some.batch.send(environment("Other", serviceRole)))).toEqual([
      "AccessDeniedException",
      403,
      `User: ${some.arn} is not authorized to perform: batch:CreateComputeEnvironment on resource: arn:aws:batch:${seed.region}:${ACCOUNT}:compute-environment/Other because no identity-based policy allows the batch:CreateComputeEnvironment action`,
    ]);
    const elsewhere = `arn:aws:iam::${ACCOUNT}:role/Admin`;
    expect(await refusal(some.batch.send(environment("TowerForge-a", elsewhere)))).toEqual([
      "AccessDeniedException",
      403,
      `User: ${some.arn} is not authorized to perform: iam:PassRole on resource: ${elsewhere} because no identity-based policy allows the iam:PassRole action`,
    ]);
    await expect(some.batch.send(environment("TowerForge-a", serviceRole))).resolves.toBeDefined();
    await expect(some.ec2.send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
    expect(await refusal(as(some.key, "eu-central-1").ec2.send(new DescribeVpcsCommand({})))).toEqual([
      "UnauthorizedOperation",
      403,
      `You are not authorized to perform this operation. User: ${some.arn} is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action`,
    ]);
    const template = new CreateLaunchTemplateCommand({
      LaunchTemplateName: "a",
      LaunchTemplateData: { ImageId: "ami-1" },
    });
    expect(await refusal(some.ec2.send(template))).toEqual([
      "UnauthorizedOperation",
      403,
      `You are not authorized to perform this operation. User: ${some.arn} is not authorized to perform: ec2:CreateLaunchTemplate on resource: arn:aws:ec2:${seed.region}:${ACCOUNT}:launch-template/* because no identity-based policy allows the ec2:CreateLaunchTemplate action`,
    ]);
  });

  it("bind the passing of a role to the service that it is passed to", async () => {
    const RoleName = "TowerForge-Passed";
    const arn = await role(RoleName, {
      Action: "sts:AssumeRole",
      Principal: { Service: "batch.amazonaws.com" },
    });
    const InstanceProfileName = "TowerForge-Passed";
    await admin().iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    const some = await user(
      { Action: "iam:AddRoleToInstanceProfile" },
      {
        Action: "iam:PassRole",
        Condition: { StringEquals: { "iam:PassedToService": "batch.amazonaws.com" } },
      },
    );
    const add = some.iam.send(new AddRoleToInstanceProfileCommand({ RoleName, InstanceProfileName }));
    expect(await refusal(add)).toEqual([
      "AccessDenied",
      403,
      `User: ${some.arn} is not authorized to perform: iam:PassRole on resource: ${arn} because no identity-based policy allows the iam:PassRole action`,
    ]);
  });

  it("hold for IAM in IAM's own region", async () => {
    const some = await user({
      Action: "iam:ListUsers",
      Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
    });
    await expect(some.iam.send(new ListUsersCommand({}))).resolves.toBeDefined();
  });

  it("keep what they deny from taking place", async () => {
    const some = await user();
    const { iam, s3 } = admin();
    const [Bucket, Key, UserName] = [seed.bucket, "denied", "denied"];
    await refusal(some.iam.send(new CreateUserCommand({ UserName })));
    await refusal(some.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" })));
    await expect(iam.send(new GetUserCommand({ UserName }))).rejects.toThrow("cannot be found");
    await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toThrow("does not exist");
  });

  it("are AWS's own too, by the policy that may be attached", async () => {
    const some = await user({
      Action: "iam:AttachRolePolicy",
      Condition: {
        ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole" },
      },
    });
    const trust = { Action: "sts:AssumeRole", Principal: { Service: "batch.amazonaws.com" } };
    const RoleName = "TowerForge-Attached";
    const arn = await role(RoleName, trust);
    const attach = (name: string) =>
      some.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/${name}` }));
    await attach("service-role/AWSBatchServiceRole");
    expect(await refusal(attach("AdministratorAccess"))).toEqual([
      "AccessDenied",
      403,
      `User: ${some.arn} is not authorized to perform: iam:AttachRolePolicy on resource: ${arn} because no identity-based policy allows the iam:AttachRolePolicy action`,
    ]);
  });

  it("count as they are at that moment: a detached policy is gone at once, a new version holds at once", async () => {
    const some = await user();
    const { iam } = admin();
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: "listing",
        PolicyDocument: documentOf({ Action: "s3:ListBucket", Resource: BUCKET }),
      }),
    );
    const attached = { UserName: some.UserName, PolicyArn: Policy?.Arn };
    const list = () => some.s3.send(new ListObjectsV2Command({ Bucket: seed.bucket }));
    await iam.send(new AttachUserPolicyCommand(attached));
    await list();
    await iam.send(new DetachUserPolicyCommand(attached));
    expect(await refusal(list())).toEqual([
      "AccessDenied",
      403,
      `User: ${some.arn} is not authorized to perform: s3:ListBucket on resource: "${BUCKET}" because no identity-based policy allows the s3:ListBucket action`,
    ]);
  });
});

describe("authentication", () => {
  const ask = (key: Credentials) => as(key).batch.send(new DescribeComputeEnvironmentsCommand({}));
  const MISMATCH =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

  it("comes first: a wrong secret learns nothing, may it or may it not", async () => {
    const may = await user({ Action: "batch:*" });
    const mayNot = await user();
    const wrong = ["SignatureDoesNotMatch", 403, MISMATCH];
    const since = aws.judgements().length;
    for (const { key } of [may, mayNot])
      expect(await refusal(ask({ ...key, secretAccessKey: "wrong" }))).toEqual([
        "InvalidSignatureException",
        403,
        MISMATCH,
      ]);
    for (const { key } of [may, mayNot]) {
      const { s3, iam } = as({ ...key, secretAccessKey: "wrong" });
      expect(await refusal(s3.send(new ListBucketsCommand({})))).toEqual(wrong);
      const put = new PutObjectCommand({ Bucket: seed.bucket, Key: "a b", Body: "x" });
      expect(await refusal(s3.send(put))).toEqual(wrong);
      const create = new CreateUserCommand({ UserName: "never" });
      expect(await refusal(iam.send(create))).toEqual(wrong);
    }
    expect(aws.judgements().slice(since)).toEqual([]);
    expect((await aws.users()).map(({ UserName }) => UserName)).not.toContain("never");
  });

  it("knows no key that was deleted", async () => {
    const some = await user({ Action: "batch:*" });
    await ask(some.key);
    await admin().iam.send(
      new DeleteAccessKeyCommand({ UserName: some.UserName, AccessKeyId: some.key.accessKeyId }),
    );
    expect(await refusal(ask(some.key))).toEqual([
      "UnrecognizedClientException",
      403,
      "The security token included in the request is invalid.",
    ]);
  });

  it("is not skipped for who says that moto has been told", async () => {
    const some = await user({ Action: "batch:*" });
    some.batch.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers["x-sandbox-denied"] = "1";
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    await expect(some.batch.send(new DescribeComputeEnvironmentsCommand({}))).resolves.toBeDefined();
  });
});

describe("S3", () => {
  it("denies in its own shape, also objects with odd names, copies and HEAD", async () => {
    const Bucket = seed.bucket;
    const some = await user(
      { Action: "s3:PutObject", Resource: `${BUCKET}/runs/*` },
      {
        Action: "s3:ListBucket",
        Resource: BUCKET,
        Condition: { StringLike: { "s3:prefix": "runs/*" } },
      },
    );
    await some.s3.send(new PutObjectCommand({ Bucket, Key: "runs/ä&b <1>.txt", Body: "x" }));
    const denied = (action: string, resource: string) => [
      "AccessDenied",
      403,
      `User: ${some.arn} is not authorized to perform: s3:${action} on resource: "${resource}" because no identity-based policy allows the s3:${action} action`,
    ];
    const odd = "other/ä&b <1>.txt";
    expect(await refusal(some.s3.send(new PutObjectCommand({ Bucket, Key: odd, Body: "x" })))).toEqual(
      denied("PutObject", `${BUCKET}/${odd}`),
    );
    expect(await refusal(some.s3.send(new GetObjectCommand({ Bucket, Key: "runs/a" })))).toEqual(
      denied("GetObject", `${BUCKET}/runs/a`),
    );
    const copy = new CopyObjectCommand({ Bucket, Key: "runs/copy", CopySource: `${Bucket}/secret/a%20b` });
    expect(await refusal(some.s3.send(copy))).toEqual(denied("GetObject", `${BUCKET}/secret/a b`));
    await some.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "runs/" }));
    expect(await refusal(some.s3.send(new ListObjectsV2Command({ Bucket })))).toEqual(
      denied("ListBucket", BUCKET),
    );
    expect((await refusal(some.s3.send(new HeadObjectCommand({ Bucket, Key: "runs/a" }))))[1]).toBe(403);
    expect(await refusal(some.s3.send(new ListBucketsCommand({})))).toEqual([
      "AccessDenied",
      403,
      `User: ${some.arn} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
    ]);
  });

  it("asks the bucket's policy too: it denies, and it allows who has no right of their own", async () => {
    const Bucket = seed.bucket;
    const all = await user({ Action: "s3:*" });
    const guest = await user();
    const insecure = { Bool: { "aws:SecureTransport": "false" } };
    const on = `${BUCKET}/*`;
    const Policy = documentOf(
      { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: on, Condition: insecure },
      { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `${BUCKET}/frozen/*` },
      { Principal: { AWS: guest.arn }, Action: "s3:GetObject", Resource: `${BUCKET}/shared/*` },
    );
    await admin().s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await all.s3.send(new PutObjectCommand({ Bucket, Key: "shared/a", Body: "x" }));
    const frozen = all.s3.send(new PutObjectCommand({ Bucket, Key: "frozen/a", Body: "x" }));
    expect(await refusal(frozen)).toEqual([
      "AccessDenied",
      403,
      `User: ${all.arn} is not authorized to perform: s3:PutObject on resource: "${BUCKET}/frozen/a" with an explicit deny in a resource-based policy`,
    ]);
    await expect(guest.s3.send(new GetObjectCommand({ Bucket, Key: "shared/a" }))).resolves.toBeDefined();
    expect((await refusal(guest.s3.send(new GetObjectCommand({ Bucket, Key: "other" }))))[0]).toBe(
      "AccessDenied",
    );
  });
});

describe("a role's session", () => {
  it("may do no more than the role's boundary", async () => {
    const { iam } = admin();
    const PolicyDocument = documentOf({ Action: "s3:*", Resource: "*" });
    const boundary = await iam.send(new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument }));
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "bounded",
        AssumeRolePolicyDocument: documentOf(trusting(`arn:aws:iam::${ACCOUNT}:root`)),
        PermissionsBoundary: boundary.Policy?.Arn,
      }),
    );
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName: "bounded", PolicyArn }));
    const { s3, batch } = as(await aws.createSession(Role?.Arn ?? ""));
    await s3.send(new ListBucketsCommand({}));
    expect(await refusal(batch.send(new DescribeComputeEnvironmentsCommand({})))).toEqual([
      "AccessDeniedException",
      403,
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/bounded/sandbox is not authorized to perform: batch:DescribeComputeEnvironments on resource: * because no permissions boundary allows the batch:DescribeComputeEnvironments action`,
    ]);
  });
});

describe("a role", () => {
  const assume = ({ sts }: ReturnType<typeof as>, RoleArn: string, ExternalId?: string) =>
    sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test", ExternalId }));
  const notTrusted = (who: string, arn: string): [string, number, string] => [
    "AccessDenied",
    403,
    `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${arn} because no role trust policy allows the sts:AssumeRole action`,
  ];

  it("is assumed by whom its trust names, with the external id it asks for", async () => {
    const seqera = await user();
    const condition = { StringEquals: { "sts:ExternalId": "workspace-1" } };
    const arn = await role("external", trusting(seqera.arn, condition));
    await expect(assume(seqera, arn, "workspace-1")).resolves.toBeDefined();
    for (const wrong of ["workspace-2", undefined])
      expect(await refusal(assume(seqera, arn, wrong))).toEqual(notTrusted(seqera.arn, arn));
    const other = await user({ Action: "sts:AssumeRole" });
    expect(await refusal(assume(other, arn, "workspace-1"))).toEqual(notTrusted(other.arn, arn));
  });

  it("that trusts the account needs the caller's documents besides", async () => {
    const arn = await role("account", trusting(`arn:aws:iam::${ACCOUNT}:root`));
    const without = await user();
    expect(await refusal(assume(without, arn))).toEqual([
      "AccessDenied",
      403,
      `User: ${without.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn} because no identity-based policy allows the sts:AssumeRole action`,
    ]);
    const withRight = await user({ Action: "sts:AssumeRole", Resource: arn });
    await expect(assume(withRight, arn)).resolves.toBeDefined();
  });

  it("that does not exist trusts nobody", async () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/missing`;
    const { sts } = admin();
    const who = `arn:aws:iam::${ACCOUNT}:user/${seed.deployer.userName}`;
    const missing = sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "test" }));
    expect(await refusal(missing)).toEqual(notTrusted(who, arn));
  });

  it("lends its session its documents, less what the session's own policy leaves out, until it is gone", async () => {
    const RoleName = "reader";
    const arn = await role(RoleName, trusting(`arn:aws:iam::${ACCOUNT}:root`), {
      Action: ["batch:Describe*", "s3:ListAllMyBuckets"],
      Resource: "*",
    });
    const session = as(await aws.createSession(arn));
    const who = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/sandbox`;
    expect((await session.sts.send(new GetCallerIdentityCommand())).Arn).toBe(who);
    await session.batch.send(new DescribeComputeEnvironmentsCommand({}));
    expect(await refusal(session.ec2.send(new DescribeVpcsCommand({})))).toEqual([
      "UnauthorizedOperation",
      403,
      `You are not authorized to perform this operation. User: ${who} is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action`,
    ]);
    const limit = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
    const limited = as(await aws.createSession(arn, limit));
    await limited.s3.send(new ListBucketsCommand({}));
    expect(await refusal(limited.batch.send(new DescribeComputeEnvironmentsCommand({})))).toEqual([
      "AccessDeniedException",
      403,
      `User: ${who} is not authorized to perform: batch:DescribeComputeEnvironments on resource: * because no session policy allows the batch:DescribeComputeEnvironments action`,
    ]);
    await admin().iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "own" }));
    expect((await refusal(session.s3.send(new ListBucketsCommand({}))))[0]).toBe("AccessDenied");
    await admin().iam.send(new DeleteRoleCommand({ RoleName }));
    expect((await refusal(session.s3.send(new ListBucketsCommand({}))))[0]).toBe("InvalidAccessKeyId");
  });
});

/** Asks CloudWatch Logs and ECS as the deployer and as somebody, by the SDK that comes with moto. */
const IN_PYTHON = `
import boto3, json, sys
from botocore.exceptions import ClientError
given = json.load(sys.stdin)
def client(service, key):
    return boto3.client(service, endpoint_url=given["url"], region_name=given["region"],
        aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"])
admin, some = client("logs", given["admin"]), client("logs", given["some"])
query = dict(startTime=0, endTime=1, queryString="fields @message")
for name in ["lab", "secret"]:
    admin.create_log_group(logGroupName=name)
secret = admin.start_query(logGroupNames=["lab", "secret"], **query)["queryId"]
lab = some.start_query(logGroupNames=["lab"], **query)["queryId"]
said = [some.get_query_results(queryId=lab)["status"]]
for ask in [
    lambda: some.get_query_results(queryId=secret),
    lambda: some.start_query(logGroupNames=["lab", "secret"], **query),
    lambda: client("ecs", given["some"]).describe_tasks(cluster="c", tasks=["1"]),
]:
    try:
        ask()
    except ClientError as error:
        answer = error.response
        said.append([answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]])
print(json.dumps(said))
`;

it("binds what a query finds to the groups it reads, in the shape of the JSON services", async () => {
  const group = `arn:aws:logs:${seed.region}:${ACCOUNT}:log-group`;
  const some = await user({ Action: ["logs:StartQuery", "logs:GetQueryResults"], Resource: `${group}:lab` });
  const { url } = aws;
  const input = JSON.stringify({ url, region: seed.region, admin: seed.deployer, some: some.key });
  const { stdout } = await execa(await pythonForTests(), ["-c", IN_PYTHON], { input });
  const denied = (action: string, resource: string) => [
    400,
    "AccessDeniedException",
    `User: ${some.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  ];
  expect(JSON.parse(stdout)).toEqual([
    "Complete",
    denied("logs:GetQueryResults", `${group}:secret`),
    denied("logs:StartQuery", `${group}:secret`),
    denied("ecs:DescribeTasks", `arn:aws:ecs:${seed.region}:${ACCOUNT}:task/c/1`),
  ]);
});

it("what cannot be judged is denied, to an administrator too", async () => {
  const who = `arn:aws:iam::${ACCOUNT}:user/${seed.deployer.userName}`;
  const arns = { PolicyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }] };
  const session = admin().sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/x`, RoleSessionName: "test", ...arns }),
  );
  expect(await refusal(session)).toEqual([
    "AccessDenied",
    403,
    `User: ${who} is not authorized to perform: sts:AssumeRole because the sandbox cannot judge it: PolicyArns are not kept with the session`,
  ]);
});

it("keeps a record of what was judged, by which statement", async () => {
  const some = await user(
    { Action: "ssm:GetParameters", Resource: "arn:aws:ssm:*:*:parameter/aws/service/ecs/*" },
    { Action: "batch:Describe*" },
  );
  aws.clearJudgements();
  const Names = ["/aws/service/ecs/optimized-ami/amazon-linux-2/recommended/image_id"];
  await some.ssm.send(new GetParametersCommand({ Names }));
  await refusal(some.ssm.send(new GetParametersCommand({ Names: ["/mine"] })));
  const common = { principal: some.arn, action: "ssm:GetParameters", at: expect.any(String) };
  const context = {
    "aws:RequestedRegion": seed.region,
    "aws:PrincipalArn": some.arn,
    "aws:PrincipalAccount": ACCOUNT,
    "aws:PrincipalType": "User",
    "aws:userid": expect.any(String),
    "aws:username": some.UserName,
    "aws:ResourceAccount": ACCOUNT,
    "aws:SecureTransport": "true",
    "aws:ViaAWSService": "false",
  };
  expect(aws.judgements()).toEqual([
    {
      ...common,
      context,
      resource: `arn:aws:ssm:${seed.region}:${ACCOUNT}:parameter${Names[0]}`,
      result: "Allowed",
      allowedBy: ["S0"],
    },
    {
      ...common,
      context,
      resource: `arn:aws:ssm:${seed.region}:${ACCOUNT}:parameter/mine`,
      result: "ImplicitlyDenied",
      allowedBy: [],
    },
  ]);
  aws.clearJudgements();
  expect(aws.judgements()).toEqual([]);
});
