import { efsGrants, fsxGrants } from "./file-systems.ts";
import { type ForgeRolesArgs, roleGrants } from "./forge-roles.ts";
import { AWS_AUTHORIZATION, type Grant, inRegion, type Scope, SEQERA_DOCS } from "./grant.ts";

/** What the Forge policy is made for. */
export interface ForgeArgs extends ForgeRolesArgs {
  /** Whether EFS file systems may be made and removed. */
  efsRights: boolean;
  /** Whether FSx file systems may be made and removed. */
  fsxRights: boolean;
}

/** Forge: making and removing the AWS resources of compute environments, all of them named `TowerForge-…`. */
export function forgeGrants(args: ForgeArgs): Grant[] {
  return [
    ...batch(args),
    ...machines(args),
    ...roleGrants(args),
    ...(args.efsRights ? efsGrants(args) : []),
    ...(args.fsxRights ? fsxGrants(args) : []),
  ];
}

function batch(scope: Scope): Grant[] {
  const own = `arn:${scope.partition}:batch:${scope.region}:${scope.account}`;
  return [
    {
      sid: "ForgeBatch",
      actions: {
        "batch:CreateComputeEnvironment": "one for the head job, one for the tasks",
        "batch:UpdateComputeEnvironment": "disposal: disabled before it is deleted",
        "batch:DeleteComputeEnvironment": "disposal",
        "batch:CreateJobQueue": "a queue in front of each of the two",
        "batch:UpdateJobQueue": "disposal: disabled before it is deleted",
        "batch:DeleteJobQueue": "disposal",
        "batch:TagResource":
          "the compute environment's resource labels, passed on as tags when both are made",
      },
      source: SEQERA_DOCS,
      resources: [`${own}:compute-environment/TowerForge-*`, `${own}:job-queue/TowerForge-*`],
      narrower: "this region and account",
    },
  ];
}

function machines(scope: Scope): Grant[] {
  const { partition, region, account } = scope;
  return [
    {
      sid: "ForgeLaunchTemplates",
      actions: {
        "ec2:CreateLaunchTemplate": "machines boot with Fusion, NVMe storage and their disk's size by it",
        "ec2:DeleteLaunchTemplate": "disposal",
      },
      source: SEQERA_DOCS,
      // AWS knows a template by its id, and Forge gives it no tag: nothing tells its own from others.
      resources: [`arn:${partition}:ec2:${region}:${account}:launch-template/*`],
      narrower: "this region and account; no other kind of resource",
    },
    {
      sid: "ForgeLook",
      actions: {
        "ec2:DescribeAccountAttributes": "does the account have a default VPC",
        "ec2:DescribeInstanceTypeOfferings": "which of the instance types the region's zones have",
        "ec2:DescribeKeyPairs": "the key pair a file names, for the form's list",
        "ec2:DescribeLaunchTemplates": "is the template there; disposal",
        "ec2:DescribeLaunchTemplateVersions": "the version that Batch is to use",
        "ec2:DescribeSecurityGroups": "those of the VPC, or the ones a file names",
        "ec2:DescribeSubnets": "those of the VPC, or the ones a file names",
        "ec2:DescribeVpcs": "the default VPC, or the one a file names",
        "ec2:GetEbsEncryptionByDefault": "whether the machines' disks are encrypted without being told to",
      },
      source: AWS_AUTHORIZATION,
      resources: ["*"],
      conditions: inRegion(scope),
      narrower: "this region; AWS binds none of these to a resource",
    },
    {
      sid: "ForgeImages",
      actions: { "ssm:GetParameters": "the ids of the ECS-optimised images: x86, ARM and GPU" },
      source: SEQERA_DOCS,
      // Public parameters belong to no account. Nobody's own can be named /aws/….
      resources: [`arn:${partition}:ssm:${region}:*:parameter/aws/service/ecs/*`],
      narrower: "this region",
    },
  ];
}
