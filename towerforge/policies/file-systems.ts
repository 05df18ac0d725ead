import { AWS_AUTHORIZATION, type Grant, inRegion, type Scope, SEQERA_DOCS } from "./grant.ts";

/** EFS: `efsCreate` in a compute environment's file. An existing file system (`efsId`) is only mounted, and needs none of this. */
export function efsGrants(scope: Scope): Grant[] {
  const { partition, region, account } = scope;
  return [
    {
      sid: "ForgeEfs",
      actions: {
        "elasticfilesystem:CreateMountTarget": "mounted in each subnet",
        "elasticfilesystem:DeleteFileSystem": "disposal",
        "elasticfilesystem:DeleteMountTarget": "disposal",
        "elasticfilesystem:DescribeFileSystems": "is the file system available",
        "elasticfilesystem:DescribeMountTargets": "are the mount targets available; disposal",
        "elasticfilesystem:PutLifecycleConfiguration": "files that are not used go to a cheaper class",
        "elasticfilesystem:TagResource": "it is made with tags",
        "elasticfilesystem:UpdateFileSystem": "its throughput",
      },
      source: SEQERA_DOCS,
      resources: [`arn:${partition}:elasticfilesystem:${region}:${account}:file-system/*`],
      narrower: "this region and account; only where a file says efsCreate",
    },
    {
      sid: "ForgeEfsCreate",
      actions: { "elasticfilesystem:CreateFileSystem": "the file system itself" },
      source: AWS_AUTHORIZATION,
      // AWS binds the making of a file system to no resource: it has no id yet.
      resources: ["*"],
      conditions: inRegion(scope),
      narrower: "this region; only where a file says efsCreate",
    },
  ];
}

/** FSx for Lustre: `fsxSize` in a compute environment's file. */
export function fsxGrants(scope: Scope): Grant[] {
  const { partition, region, account } = scope;
  return [
    {
      sid: "ForgeFsx",
      actions: {
        "fsx:CreateFileSystem": "the file system itself",
        "fsx:DeleteFileSystem": "disposal",
        "fsx:TagResource": "it is made with tags",
      },
      source: SEQERA_DOCS,
      resources: [`arn:${partition}:fsx:${region}:${account}:file-system/*`],
      narrower: "this region and account; only where a file gives fsxSize",
    },
    {
      sid: "ForgeFsxLook",
      actions: { "fsx:DescribeFileSystems": "is the file system available" },
      source: AWS_AUTHORIZATION,
      resources: ["*"],
      conditions: inRegion(scope),
      narrower: "this region; AWS binds it to no resource",
    },
  ];
}
