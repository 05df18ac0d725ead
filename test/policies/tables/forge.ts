/** What Forge asks of AWS for one compute environment of each kind: made, and disposed of. */
import type { AwsCall } from "../../../sandbox/services/aws/authorization/simulate.ts";
import { callsIn, type Place, type Row } from "./row.ts";

/** A compute environment, as far as it decides what Forge does. */
interface Kind {
  group: string;
  spot: boolean;
  fargateHead: boolean;
  /** The ECS-optimised image's parameter, below /aws/service/ecs/optimized-ami/. */
  image: string;
  efs?: true;
  fsx?: true;
}

const KINDS: Kind[] = [
  { group: "CPU on Spot", spot: true, fargateHead: false, image: "amazon-linux-2/recommended" },
  { group: "ARM", spot: true, fargateHead: false, image: "amazon-linux-2/arm64/recommended" },
  { group: "GPU", spot: true, fargateHead: false, image: "amazon-linux-2/gpu/recommended" },
  { group: "Fargate head", spot: true, fargateHead: true, image: "amazon-linux-2023/recommended" },
  { group: "on demand", spot: false, fargateHead: false, image: "amazon-linux-2/recommended" },
  { group: "EFS", spot: false, fargateHead: false, image: "amazon-linux-2/recommended", efs: true },
  { group: "FSx", spot: false, fargateHead: false, image: "amazon-linux-2/recommended", fsx: true },
];

/** Which of the kinds a stack can have. */
export interface Switches {
  efsRights: boolean;
  fsxRights: boolean;
}

/** The names Forge gives begin with it; an id of the Platform follows. */
const NAME = "TowerForge-4kFcDmzGYKS2W0H0S9TVVf";

/** @returns the rows of each kind that the switches allow */
export function forgeRows(place: Place, { efsRights, fsxRights }: Switches): Row[] {
  return KINDS.filter(({ efs, fsx }) => (!efs || efsRights) && (!fsx || fsxRights)).flatMap((kind) => [
    ...looking(place, kind),
    ...roles(place, kind),
    ...(kind.efs ? efsRows(place) : []),
    ...(kind.fsx ? fsxRows(place) : []),
    ...batch(place, kind),
  ]);
}

function looking(place: Place, { group, image }: Kind): Row[] {
  const { call, regional } = callsIn(place);
  const look = (what: string, ...names: string[]): Row => ({
    group,
    what,
    calls: names.map((name) => call(`ec2:${name}`)),
  });
  const parameter = regional("ssm", `parameter/aws/service/ecs/optimized-ami/${image}`);
  return [
    look("find the network", "DescribeAccountAttributes", "DescribeVpcs", "DescribeSubnets"),
    look("find the security groups and the key pair", "DescribeSecurityGroups", "DescribeKeyPairs"),
    look("choose instance types", "DescribeInstanceTypeOfferings", "DescribeInstanceTypes"),
    look("are disks encrypted anyway", "GetEbsEncryptionByDefault"),
    { group, what: "find the machines' image", calls: [call("ssm:GetParameters", parameter)] },
    look("look the image up", "DescribeImages"),
  ];
}

/** Role, the managed policies it is given, and the services it is passed to. */
function rolesOf({ spot, fargateHead }: Kind): [name: string, policies: string[], passedTo: string][] {
  return [
    ["ServiceRole", ["service-role/AWSBatchServiceRole"], "batch.amazonaws.com"],
    [
      "InstanceRole",
      ["service-role/AmazonEC2ContainerServiceforEC2Role", "AmazonS3ReadOnlyAccess"],
      "ec2.amazonaws.com",
    ],
    ["ExecutionRole", ["service-role/AmazonECSTaskExecutionRolePolicy"], "ecs-tasks.amazonaws.com"],
    ...(spot
      ? ([
          ["FleetRole", ["service-role/AmazonEC2SpotFleetTaggingRole"], "spotfleet.amazonaws.com"],
        ] satisfies [string, string[], string][])
      : []),
    ...(fargateHead
      ? ([["FargateRole", [], "ecs-tasks.amazonaws.com"]] satisfies [string, string[], string][])
      : []),
  ];
}

function roles(place: Place, kind: Kind): Row[] {
  const { call, iam, pass } = callsIn(place);
  const { group } = kind;
  const profile = iam(`instance-profile/${NAME}-InstanceRole`);
  const attach = (action: string, role: string, policy: string) =>
    call(`iam:${action}`, role, { "iam:PolicyARN": `arn:${place.partition}:iam::aws:policy/${policy}` });
  const each = rolesOf(kind).flatMap(([name, policies]): Row[] => {
    const role = iam(`role/${NAME}-${name}`);
    const on = (...actions: string[]) => actions.map((action) => call(`iam:${action}`, role));
    return [
      { group, what: `make ${name}`, calls: on("GetRole", "CreateRole", "TagRole", "PutRolePolicy") },
      ...policies.map((policy) => ({
        group,
        what: `give ${name} ${policy}`,
        calls: [attach("AttachRolePolicy", role, policy)],
      })),
      {
        group,
        what: `dispose of ${name}`,
        calls: [
          ...on("ListAttachedRolePolicies"),
          ...policies.map((policy) => attach("DetachRolePolicy", role, policy)),
          ...on("ListRolePolicies", "DeleteRolePolicy", "DeleteRole"),
        ],
      },
    ];
  });
  return [
    ...each,
    {
      group,
      what: "make the instance profile",
      calls: [
        ...["CreateInstanceProfile", "TagInstanceProfile", "AddRoleToInstanceProfile"].map((action) =>
          call(`iam:${action}`, profile),
        ),
        pass(`${NAME}-InstanceRole`, "ec2.amazonaws.com"),
      ],
    },
    {
      group,
      what: "dispose of the instance profile",
      calls: ["RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"].map((action) =>
        call(`iam:${action}`, profile),
      ),
    },
  ];
}

function batch(place: Place, kind: Kind): Row[] {
  const { call, regional, pass } = callsIn(place);
  const { group } = kind;
  const template = regional("ec2", "launch-template/lt-0123456789abcdef0");
  const passed = (...names: string[]) =>
    rolesOf(kind).flatMap(([name, , service]) =>
      names.includes(name) ? [pass(`${NAME}-${name}`, service)] : [],
    );
  const rows: Row[] = [
    {
      group,
      what: "make the launch template",
      calls: [call("ec2:CreateLaunchTemplate", regional("ec2", "launch-template/*"))],
    },
    {
      group,
      what: "find the launch template",
      calls: [call("ec2:DescribeLaunchTemplates"), call("ec2:DescribeLaunchTemplateVersions")],
    },
  ];
  for (const part of ["head", "work"]) {
    const env = regional("batch", `compute-environment/${NAME}-${part}`);
    const queue = regional("batch", `job-queue/${NAME}-${part}`);
    const on = (...names: [string, string][]): AwsCall[] =>
      names.map(([name, arn]) => call(`batch:${name}`, arn));
    rows.push(
      {
        group,
        what: `make the ${part} compute environment`,
        calls: [
          ...on(["CreateComputeEnvironment", env], ["TagResource", env]),
          ...passed("ServiceRole", "InstanceRole", "FleetRole"),
          call("batch:DescribeComputeEnvironments"),
        ],
      },
      {
        group,
        what: `make the ${part} queue`,
        calls: [
          ...on(["CreateJobQueue", queue], ["CreateJobQueue", env], ["TagResource", queue]),
          call("batch:DescribeJobQueues"),
        ],
      },
      {
        group,
        what: `dispose of the ${part} queue and compute environment`,
        calls: on(
          ["UpdateJobQueue", queue],
          ["DeleteJobQueue", queue],
          ["UpdateComputeEnvironment", env],
          ["DeleteComputeEnvironment", env],
        ),
      },
    );
  }
  rows.push(
    { group, what: "dispose of the launch template", calls: [call("ec2:DeleteLaunchTemplate", template)] },
    { group, what: "let jobs run under its roles", calls: passed("ExecutionRole", "FargateRole") },
  );
  return rows;
}

function efsRows(place: Place): Row[] {
  const { call, regional } = callsIn(place);
  const file = regional("elasticfilesystem", "file-system/fs-0123456789abcdef0");
  const on = (...names: string[]) => names.map((name) => call(`elasticfilesystem:${name}`, file));
  const group = "EFS";
  return [
    {
      group,
      what: "make the file system",
      calls: [
        call("elasticfilesystem:CreateFileSystem"),
        ...on("TagResource", "DescribeFileSystems", "PutLifecycleConfiguration", "UpdateFileSystem"),
      ],
    },
    { group, what: "mount it", calls: on("CreateMountTarget", "DescribeMountTargets") },
    {
      group,
      what: "dispose of it",
      calls: on("DescribeMountTargets", "DeleteMountTarget", "DeleteFileSystem"),
    },
  ];
}

function fsxRows(place: Place): Row[] {
  const { call, regional } = callsIn(place);
  const file = regional("fsx", "file-system/fs-0123456789abcdef0");
  const group = "FSx";
  return [
    {
      group,
      what: "make the file system",
      calls: [
        call("fsx:CreateFileSystem", file),
        call("fsx:TagResource", file),
        call("fsx:DescribeFileSystems"),
      ],
    },
    { group, what: "dispose of it", calls: [call("fsx:DeleteFileSystem", file)] },
  ];
}
