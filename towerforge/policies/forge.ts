import { AWS_AUTHORIZATION, type Grant, inRegion, type Scope, SEQERA_DOCS } from "./grant.ts";

/** What the Forge policy is made for. */
export interface ForgeArgs extends Scope {
  /** Whether EFS file systems may be made and removed. */
  efsRights: boolean;
  /** Whether FSx file systems may be made and removed. */
  fsxRights: boolean;
  /** AWS managed policies that may be attached to Forge's roles, as their ARNs end behind `:policy/`. */
  forgeManagedPolicies: string[];
}

/** Forge: making and removing the AWS resources of compute environments, all of them named `TowerForge-…`. */
export function forgeGrants(args: ForgeArgs): Grant[] {
  return [
    ...batch(args),
    ...network(args),
    ...roles(args),
    ...(args.efsRights ? efs(args) : []),
    ...(args.fsxRights ? fsx(args) : []),
  ];
}

function batch(scope: Scope): Grant[] {
  const own = `arn:${scope.partition}:batch:${scope.region}:${scope.account}`;
  return [
    {
      sid: "ForgeBatch",
      why: "Forge makes two job queues and their compute environments, and removes them on disposal",
      source: SEQERA_DOCS,
      actions: [
        "batch:CreateComputeEnvironment",
        "batch:UpdateComputeEnvironment",
        "batch:DeleteComputeEnvironment",
        "batch:CreateJobQueue",
        "batch:UpdateJobQueue",
        "batch:DeleteJobQueue",
      ],
      resources: [`${own}:compute-environment/TowerForge-*`, `${own}:job-queue/TowerForge-*`],
    },
    {
      sid: "ForgeBatchTags",
      why: "Forge passes the compute environment's labels on as tags",
      source: SEQERA_DOCS,
      actions: ["batch:TagResource"],
      resources: [`${own}:compute-environment/TowerForge-*`, `${own}:job-queue/TowerForge-*`],
    },
  ];
}

function network(scope: Scope): Grant[] {
  const { partition, region, account } = scope;
  return [
    {
      sid: "ForgeLaunchTemplates",
      why: "instances boot with Fusion, NVMe storage and the disk size by a launch template",
      source: SEQERA_DOCS,
      actions: ["ec2:CreateLaunchTemplate", "ec2:DeleteLaunchTemplate"],
      resources: [`arn:${partition}:ec2:${region}:${account}:launch-template/*`],
    },
    {
      sid: "ForgeLook",
      why: "Forge picks network, images and instance types; AWS binds none of these to a resource",
      source: AWS_AUTHORIZATION,
      actions: [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeKeyPairs",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "ec2:GetEbsEncryptionByDefault",
      ],
      resources: ["*"],
      conditions: inRegion(scope),
    },
    {
      sid: "ForgeImages",
      why: "the ids of the ECS-optimised images are public parameters",
      source: SEQERA_DOCS,
      actions: ["ssm:GetParameters"],
      resources: [`arn:${partition}:ssm:${region}::parameter/aws/service/ecs/*`],
    },
  ];
}

function roles({ partition, account, forgeManagedPolicies }: ForgeArgs): Grant[] {
  const role = `arn:${partition}:iam::${account}:role/TowerForge-*`;
  return [
    {
      sid: "ForgeRoles",
      why: "each compute environment has service, execution, fleet, Fargate and instance roles of its own",
      source: SEQERA_DOCS,
      actions: [
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:GetRole",
        "iam:TagRole",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:ListRolePolicies",
        "iam:ListAttachedRolePolicies",
      ],
      resources: [role],
    },
    {
      sid: "ForgeInstanceProfiles",
      why: "an EC2 instance takes its role by an instance profile",
      source: SEQERA_DOCS,
      actions: [
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
      ],
      // Putting a role into a profile is asked of the profile alone; passing it is a right of its own.
      resources: [`arn:${partition}:iam::${account}:instance-profile/TowerForge-*`],
    },
    {
      sid: "ForgeManagedPolicies",
      why: "the roles get AWS's own policies for Batch, ECS and Spot, and no others",
      source: "https://docs.aws.amazon.com/batch/latest/userguide/security_iam_service-with-iam.html",
      actions: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      resources: [role],
      conditions: {
        ArnEquals: {
          "iam:PolicyARN": forgeManagedPolicies.map((name) => `arn:${partition}:iam::aws:policy/${name}`),
        },
      },
    },
    {
      sid: "ForgePassRoles",
      why: "Batch, its instances, its tasks and its Spot fleets run under the roles that Forge made",
      source: "https://docs.aws.amazon.com/batch/latest/userguide/batch-iam-policies.html",
      actions: ["iam:PassRole"],
      resources: [role],
      conditions: {
        StringEquals: {
          "iam:PassedToService": [
            "batch.amazonaws.com",
            "ec2.amazonaws.com",
            "ecs-tasks.amazonaws.com",
            "spotfleet.amazonaws.com",
          ],
        },
      },
    },
  ];
}

function efs({ partition, region, account }: Scope): Grant[] {
  return [
    {
      sid: "ForgeEfs",
      why: "efsCreate in a compute environment: Forge makes the file system, mounts it, and removes it",
      source: SEQERA_DOCS,
      actions: [
        "elasticfilesystem:CreateFileSystem",
        "elasticfilesystem:CreateMountTarget",
        "elasticfilesystem:DeleteFileSystem",
        "elasticfilesystem:DeleteMountTarget",
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeMountTargets",
        "elasticfilesystem:PutLifecycleConfiguration",
        "elasticfilesystem:TagResource",
        "elasticfilesystem:UpdateFileSystem",
      ],
      resources: [`arn:${partition}:elasticfilesystem:${region}:${account}:file-system/*`],
    },
  ];
}

function fsx({ partition, region, account }: Scope): Grant[] {
  return [
    {
      sid: "ForgeFsx",
      why: "fsxSize in a compute environment: Forge makes the file system and removes it",
      source: SEQERA_DOCS,
      actions: ["fsx:CreateFileSystem", "fsx:DeleteFileSystem", "fsx:DescribeFileSystems", "fsx:TagResource"],
      resources: [`arn:${partition}:fsx:${region}:${account}:file-system/*`],
    },
  ];
}
