import {
  CreateLaunchTemplateCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateFileSystemCommand, CreateMountTargetCommand, EFSClient } from "@aws-sdk/client-efs";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeSeed } from "../seed.ts";
import type { Ask } from "./authorization/identity.ts";
import { type Moto, startMoto } from "./moto.ts";
import { pythonForTests } from "./python-for-tests.ts";
import { createBucket } from "./world.ts";

const seed = makeSeed();
const { region, bucket, deployer, awsAccountId } = seed;
const iamArn = (rest: string) => `arn:aws:iam::${awsAccountId}:${rest}`;
let moto: Moto;

beforeAll(async () => {
  moto = await startMoto(await pythonForTests(), seed);
}, 180_000);
afterAll(() => moto?.close());

const ask = (accessKeyId: string, ...facts: Ask[]) => moto.lookUp({ accessKeyId, region, facts });

it("tells whose a key is, with AWS's own policy's document, and knows no other key", async () => {
  const { identity } = await ask(deployer.accessKeyId);
  expect(identity).toEqual({
    type: "User",
    arn: iamArn(`user/${deployer.userName}`),
    userId: expect.any(String),
    userName: deployer.userName,
    tags: {},
    policies: [{ name: "AdministratorAccess", document: expect.any(String) }],
  });
  const [{ document }] = (identity as { policies: [{ document: string }] }).policies;
  expect(JSON.parse(document)).toEqual({
    Version: "2012-10-17",
    Statement: [{ Action: "*", Effect: "Allow", Resource: "*" }],
  });
  expect((await ask("AKIAOTHER")).identity).toBeNull();
});

it("knows the things that requests name, and says where there are none", async () => {
  const config = { endpoint: moto.url, region, credentials: deployer, forcePathStyle: true as const };
  const [iam, ec2, efs] = [new IAMClient(config), new EC2Client(config), new EFSClient(config)];
  await createBucket(config, seed);
  const Tags = [{ Key: "a", Value: "1" }];
  const policy = { Version: "2012-10-17", Statement: [] };
  const Policy = JSON.stringify(policy);
  const names = { RoleName: "r", InstanceProfileName: "i" };
  await iam.send(new CreateRoleCommand({ ...names, Path: "/lab/", AssumeRolePolicyDocument: Policy, Tags }));
  await iam.send(new CreateInstanceProfileCommand({ ...names, Tags }));
  await iam.send(new AddRoleToInstanceProfileCommand(names));
  await iam.send(
    new CreatePolicyCommand({
      PolicyName: "p",
      PolicyDocument: JSON.stringify({
        ...policy,
        Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
      }),
      Tags,
    }),
  );
  await new S3Client(config).send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const template = { LaunchTemplateName: "t", LaunchTemplateData: { InstanceType: "t3.micro" as const } };
  const { LaunchTemplate } = await ec2.send(new CreateLaunchTemplateCommand(template));
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      MinCount: 1,
      MaxCount: 1,
      ImageId: "ami-12c6146b",
      IamInstanceProfile: { Name: "i" },
    }),
  );
  const { FileSystemId = "" } = await efs.send(new CreateFileSystemCommand({ CreationToken: "t" }));
  const { MountTargetId = "" } = await efs.send(
    new CreateMountTargetCommand({ FileSystemId, SubnetId: Subnets[0]?.SubnetId }),
  );
  const secrets = new SecretsManagerClient(config);
  const { ARN = "" } = await secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "x" }));

  const role = { arn: iamArn("role/lab/r"), tags: { a: "1" }, trust: Policy };
  const rows: [Ask, unknown][] = [
    [["role", "r"], role],
    [["role", role.arn], role],
    [["user", deployer.userName], { arn: iamArn(`user/${deployer.userName}`), tags: {} }],
    [["policy", iamArn("policy/p")], { arn: iamArn("policy/p"), tags: { a: "1" } }],
    [["instance-profile", "i"], { arn: iamArn("instance-profile/i"), tags: { a: "1" }, roles: [role.arn] }],
    [["key-owner", deployer.accessKeyId], iamArn(`user/${deployer.userName}`)],
    [["bucket-policy", bucket], Policy],
    [["launch-template", "t"], LaunchTemplate?.LaunchTemplateId],
    [["instance", Instances?.[0]?.InstanceId ?? ""], iamArn("instance-profile/i")],
    [["mount-target", MountTargetId], FileSystemId],
    [["secret", "s"], ARN],
  ];
  const { facts } = await ask(deployer.accessKeyId, ...rows.map(([each]) => each));
  expect(facts).toEqual(rows.map(([, answer]) => answer));
  const kinds: Ask[0][] = [...rows.map(([[kind]]) => kind), "group", "query"];
  const none = await ask(deployer.accessKeyId, ...kinds.map((kind): Ask => [kind, "none"]));
  expect(none.facts).toEqual(kinds.map(() => null));
});
