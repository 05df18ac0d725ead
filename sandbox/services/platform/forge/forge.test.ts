import { DescribeComputeEnvironmentsCommand, ListTagsForResourceCommand } from "@aws-sdk/client-batch";
import { DescribeImagesCommand } from "@aws-sdk/client-ec2";
import { DescribeMountTargetsCommand } from "@aws-sdk/client-efs";
import { GetRoleCommand, GetRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ForgeConfig } from "../bodies.ts";
import { startForgeWorld, type ForgeWorld } from "./world-for-tests.ts";

// A tenth of it on an idle machine.
vi.setConfig({ testTimeout: 60_000 });

let world: ForgeWorld;
beforeAll(async () => void (world = await startForgeWorld()), 180_000);
afterAll(() => world.close());
beforeEach(() => void world.asked());

/** What there is in AWS of an environment, of which only some kinds have some. */
const consistsOf = (id: string, ...some: string[]) =>
  [
    ...["environment", "queue"].flatMap((kind) =>
      ["head", "work"].map((part) => `${kind} TowerForge-${id}-${part}`),
    ),
    `profile TowerForge-${id}-InstanceRole`,
    ...["ExecutionRole", "InstanceRole", "ServiceRole", ...some.filter((name) => name.endsWith("Role"))].map(
      (name) => `role TowerForge-${id}-${name}`,
    ),
    `template TowerForge-${id}`,
    ...some
      .filter((name) => name === "file system" || name === "Lustre")
      .map((name) => `${name} TowerForge-${id}`),
  ].sort();

const computeResources = async (id: string, part: "head" | "work") => {
  const ask = new DescribeComputeEnvironmentsCommand({ computeEnvironments: [`TowerForge-${id}-${part}`] });
  const [environment] = (await world.admin.batch.send(ask)).computeEnvironments ?? [];
  return environment?.computeResources;
};

const dispose = async (id: string) => {
  await world.call("DELETE", `/compute-envs/${id}`);
  await world.until(id, "DELETED");
};

interface Kind {
  kind: string;
  forge: Partial<ForgeConfig>;
  has: string[];
  work: object;
  head: object;
  image: RegExp;
}

const KINDS: Kind[] = [
  {
    kind: "CPU on Spot",
    forge: {},
    has: ["FleetRole"],
    work: { type: "SPOT", maxvCpus: 100, instanceTypes: ["c6id", "m6id"] },
    head: { type: "EC2" },
    image: /^al2023-ami-ecs-hvm-.*x86_64/,
  },
  {
    kind: "ARM",
    forge: { arm64Enabled: true, instanceTypes: ["c6gd", "m6gd.large", "c6id"] },
    has: ["FleetRole"],
    work: { type: "SPOT", instanceTypes: ["c6gd", "m6gd.large"] },
    head: { type: "EC2", instanceTypes: ["c6gd", "m6gd.large"] },
    image: /^al2023-ami-ecs-hvm-.*arm64/,
  },
  {
    kind: "GPU",
    forge: { gpuEnabled: true, instanceTypes: ["g5", "c6id"] },
    has: ["FleetRole"],
    work: { type: "SPOT", ec2Configuration: [expect.objectContaining({ imageType: "ECS_AL2023_NVIDIA" })] },
    head: { type: "EC2" },
    image: /^al2023-ami-ecs-gpu-hvm-/,
  },
  {
    kind: "Fargate head",
    forge: { fargateHeadEnabled: true },
    has: ["FleetRole", "FargateRole"],
    work: { type: "SPOT" },
    head: { type: "FARGATE", maxvCpus: 100 },
    image: /x86_64/,
  },
  {
    kind: "on demand, with machines that stay",
    forge: { type: "EC2", minCpus: 4, instanceTypes: [] },
    has: [],
    work: { type: "EC2", minvCpus: 4, instanceTypes: ["optimal"] },
    head: { type: "EC2", minvCpus: 0 },
    image: /x86_64/,
  },
  {
    kind: "EFS",
    forge: { type: "EC2", efsCreate: true },
    has: ["file system"],
    work: { type: "EC2" },
    head: { type: "EC2" },
    image: /x86_64/,
  },
  {
    kind: "FSx for Lustre",
    forge: { type: "EC2", fsxSize: 1200 },
    has: ["Lustre"],
    work: { type: "EC2" },
    head: { type: "EC2" },
    image: /x86_64/,
  },
];

describe.each(KINDS)("a compute environment: $kind", ({ forge, has, work, head, image }) => {
  it("is made in AWS, described with what was made, and disposed of without a trace", async () => {
    const id = await world.add(forge);
    const { config } = await world.until(id, "AVAILABLE");
    const left = await world.left();
    expect(left.filter((name) => !name.startsWith("machine"))).toEqual(consistsOf(id, ...has));
    expect(left.some((name) => name.startsWith("machine"))).toBe((forge.minCpus ?? 0) > 0);

    const [made, headMade] = [await computeResources(id, "work"), await computeResources(id, "head")];
    expect(made).toMatchObject(work);
    expect(made?.subnets).toHaveLength(3);
    expect(headMade).toMatchObject(head);
    const imageId = made?.ec2Configuration?.[0]?.imageIdOverride ?? "";
    const { Images } = await world.admin.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    expect(Images?.[0]?.Name).toMatch(image);

    expect(config).toMatchObject({
      headQueue: `TowerForge-${id}-head`,
      computeQueue: `TowerForge-${id}-work`,
    });
    const resources = config.forgedResources?.flatMap((each) => Object.keys(each));
    expect(resources?.filter((kind) => kind === "IamRole")).toHaveLength(
      3 + has.filter((name) => name.endsWith("Role")).length,
    );
    expect(resources?.includes("EfsFileSystem")).toBe(has.includes("file system"));
    expect(resources?.includes("FsxFileSystem")).toBe(has.includes("Lustre"));

    await dispose(id);
    expect(await world.left()).toEqual([]);
  });
});

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
  await dispose(id);
});

it("a file system is mounted in each zone", async () => {
  const id = await world.add({ efsCreate: true });
  const { config } = await world.until(id, "AVAILABLE");
  const arn = config.forgedResources?.find((each) => "EfsFileSystem" in each)?.EfsFileSystem;
  const FileSystemId = arn?.split("/")[1];
  const { MountTargets = [] } = await world.admin.efs.send(new DescribeMountTargetsCommand({ FileSystemId }));
  const zones = MountTargets.map(({ AvailabilityZoneName }) => AvailabilityZoneName).sort();
  expect(zones).toEqual(["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
  await dispose(id);
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
  await dispose(id);
});

it("all of it outlives a restart of AWS", async () => {
  const id = await world.add({ efsCreate: true, fargateHeadEnabled: true });
  await world.until(id, "AVAILABLE");
  const before = await world.left();
  const saved: unknown = JSON.parse(JSON.stringify(await world.aws.snapshot()));
  await dispose(id);
  expect(await world.left()).toEqual([]);
  await world.aws.restore(saved);
  expect(await world.left()).toEqual(before);
  // It is only in AWS now; another environment is made beside it, from the images that AWS has.
  const other = await world.add({});
  await world.until(other, "AVAILABLE");
  expect(await world.left()).toEqual([...before, ...consistsOf(other, "FleetRole")].sort());
  await dispose(other);
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
    await dispose(id);
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
