import { ListTagsForResourceCommand } from "@aws-sdk/client-batch";
import { DescribeMountTargetsCommand } from "@aws-sdk/client-efs";
import { GetRoleCommand, GetRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { consistsOf } from "./left-for-tests.ts";
import { startForgeWorld, type ForgeWorld } from "./world-for-tests.ts";

// A tenth of it on an idle machine.
vi.setConfig({ testTimeout: 60_000 });

let world: ForgeWorld;
beforeAll(async () => void (world = await startForgeWorld()), 180_000);
afterAll(() => world.close());
beforeEach(() => void world.asked());

it("the roles are for AWS's services, with AWS's policies and the file's buckets", async () => {
  const { iam } = world.admin;
  const id = await world.add({ fargateHeadEnabled: true, allowBuckets: ["s3://ngi-igenomes/a"] });
  await world.until(id, "AVAILABLE");
  const described = async (name: string) => {
    const RoleName = `TowerForge-${id}-${name}`;
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    const service = /"Service":"([^"]+)"/.exec(trust)?.[1];
    return [service, ...AttachedPolicies.map(({ PolicyName }) => PolicyName).sort()];
  };
  expect(await described("ServiceRole")).toEqual(["batch.amazonaws.com", "AWSBatchServiceRole"]);
  expect(await described("FleetRole")).toEqual(["spotfleet.amazonaws.com", "AmazonEC2SpotFleetTaggingRole"]);
  expect(await described("FargateRole")).toEqual(["ecs-tasks.amazonaws.com"]);
  expect(await described("ExecutionRole")).toEqual([
    "ecs-tasks.amazonaws.com",
    "AmazonECSTaskExecutionRolePolicy",
  ]);
  expect(await described("InstanceRole")).toEqual([
    "ec2.amazonaws.com",
    "AmazonEC2ContainerServiceforEC2Role",
    "AmazonS3ReadOnlyAccess",
  ]);
  const own = { RoleName: `TowerForge-${id}-FargateRole`, PolicyName: "nextflow-policy" };
  const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(own));
  const buckets = ["arn:aws:s3:::nf-core-awsmegatests/*", "arn:aws:s3:::ngi-igenomes/*"];
  expect(JSON.parse(decodeURIComponent(PolicyDocument))).toMatchObject({
    Statement: [{}, {}, { Action: expect.arrayContaining(["s3:PutObject"]) as unknown, Resource: buckets }],
  });
  await world.dispose(id);
});

it("a file system is mounted in each zone", async () => {
  const id = await world.add({ efsCreate: true });
  const { config } = await world.until(id, "AVAILABLE");
  const arn = config.forgedResources?.find((each) => "EfsFileSystem" in each)?.EfsFileSystem;
  const FileSystemId = arn?.split("/")[1];
  const { MountTargets = [] } = await world.admin.efs.send(new DescribeMountTargetsCommand({ FileSystemId }));
  const zones = MountTargets.map(({ AvailabilityZoneName }) => AvailabilityZoneName).sort();
  expect(zones).toEqual(["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
  await world.dispose(id);
});

it("resource labels are tags on all that is made", async () => {
  const label = { name: "team", value: "core", resource: true };
  const { id: labelId } = await world.call<{ id: number }>("POST", "/labels", label);
  const id = await world.add({}, [labelId]);
  const { config } = await world.until(id, "AVAILABLE");
  const expected = { Name: `TowerForge-${id}`, team: "core" };
  for (const { BatchEnv, BatchQueue } of config.forgedResources ?? []) {
    const resourceArn = BatchEnv ?? BatchQueue;
    if (resourceArn === undefined) continue;
    const { tags } = await world.admin.batch.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual(expected);
  }
  const { Role } = await world.admin.iam.send(
    new GetRoleCommand({ RoleName: `TowerForge-${id}-ServiceRole` }),
  );
  expect(Object.fromEntries(Role?.Tags?.map(({ Key, Value }) => [Key, Value]) ?? [])).toEqual(expected);
  await world.dispose(id);
});

it("all of it outlives a restart of AWS", async () => {
  const id = await world.add({ efsCreate: true, fargateHeadEnabled: true });
  await world.until(id, "AVAILABLE");
  const before = await world.left();
  const saved: unknown = JSON.parse(JSON.stringify(await world.aws.snapshot()));
  await world.dispose(id);
  expect(await world.left()).toEqual([]);
  await world.aws.restore(saved);
  expect(await world.left()).toEqual(before);
  // It is only in AWS now; another environment is made beside it, from the images that AWS has.
  const other = await world.add({});
  await world.until(other, "AVAILABLE");
  expect(await world.left()).toEqual([...before, ...consistsOf(other, "FleetRole")].sort());
  await world.dispose(other);
  expect(await world.left()).toEqual(before);
});

describe("the calls", () => {
  it("are these, and no others", async () => {
    const id = await world.add({ fargateHeadEnabled: true });
    await world.until(id, "AVAILABLE");
    expect([...new Set(world.asked())].sort()).toEqual([
      "batch:CreateComputeEnvironment",
      "batch:CreateJobQueue",
      "batch:DescribeComputeEnvironments",
      "batch:DescribeJobQueues",
      "ec2:CreateLaunchTemplate",
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeImages",
      "ec2:DescribeInstanceTypeOfferings",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:DescribeLaunchTemplates",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcs",
      "ec2:GetEbsEncryptionByDefault",
      "iam:AddRoleToInstanceProfile",
      "iam:AttachRolePolicy",
      "iam:CreateInstanceProfile",
      "iam:CreateRole",
      "iam:GetRole",
      "iam:PutRolePolicy",
      "ssm:GetParameters",
    ]);
    await world.dispose(id);
    expect([...new Set(world.asked())].sort()).toEqual([
      "batch:DeleteComputeEnvironment",
      "batch:DeleteJobQueue",
      "batch:DescribeComputeEnvironments",
      "batch:DescribeJobQueues",
      "batch:UpdateComputeEnvironment",
      "batch:UpdateJobQueue",
      "ec2:DeleteLaunchTemplate",
      "ec2:DescribeLaunchTemplates",
      "iam:DeleteInstanceProfile",
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:DetachRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListRolePolicies",
      "iam:RemoveRoleFromInstanceProfile",
    ]);
  });
});
