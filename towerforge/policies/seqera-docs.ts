import { type Grant, type Scope, SEQERA_DOCS } from "./grant.ts";
import type { TowerForgeGrants } from "./index.ts";

/**
 * Seqera's published rights as they are, in three parts: for comparison, and as a way out where the Platform calls
 * something that the least rights leave out. Nearly an administrator: any role is passed to Batch or EC2, any object read.
 */
export function seqeraDocsGrants({ partition }: Pick<Scope, "partition">): TowerForgeGrants {
  const grant = (sid: string, actions: string[], ...resources: string[]): Grant => ({
    sid,
    actions: Object.fromEntries(actions.map((action) => [action, "as Seqera publishes it"])),
    source: SEQERA_DOCS,
    resources: (resources.length > 0 ? resources : ["*"]).map((each) =>
      each.replace("arn:aws:", `arn:${partition}:`),
    ),
  });
  const of = (service: string, ...names: string[]) => names.map((name) => `${service}:${name}`);
  return {
    Forge: [
      grant(
        "BatchEnvironmentManagementCanBeRestricted",
        of(
          "batch",
          ...["CreateComputeEnvironment", "CreateJobQueue", "DeleteComputeEnvironment", "DeleteJobQueue"],
          ...["TagResource", "UpdateComputeEnvironment", "UpdateJobQueue"],
        ),
        "arn:aws:batch:*:*:compute-environment/TowerForge-*",
        "arn:aws:batch:*:*:job-queue/TowerForge-*",
      ),
      grant(
        "LaunchTemplateManagement",
        of(
          "ec2",
          ...["CreateLaunchTemplate", "DeleteLaunchTemplate"],
          ...["DescribeLaunchTemplates", "DescribeLaunchTemplateVersions"],
        ),
      ),
      {
        ...grant("PassRolesToBatchCanBeRestricted", ["iam:PassRole"]),
        conditions: { StringEquals: { "iam:PassedToService": ["batch.amazonaws.com", "ec2.amazonaws.com"] } },
      },
      grant(
        "OptionalIAMManagementCanBeRestricted",
        of(
          "iam",
          ...["AddRoleToInstanceProfile", "AttachRolePolicy", "CreateInstanceProfile", "CreateRole"],
          ...["DeleteInstanceProfile", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "GetRole"],
          ...["ListAttachedRolePolicies", "ListRolePolicies", "PutRolePolicy"],
          ...["RemoveRoleFromInstanceProfile", "TagInstanceProfile", "TagRole"],
        ),
        "arn:aws:iam::*:role/TowerForge-*",
        "arn:aws:iam::*:instance-profile/TowerForge-*",
      ),
      grant(
        "OptionalFetchOptimizedAMIMetadata",
        ["ssm:GetParameters"],
        "arn:aws:ssm:*:*:parameter/aws/service/ecs/*",
      ),
      grant(
        "OptionalEC2MetadataDescribe",
        of(
          "ec2",
          ...["DescribeAccountAttributes", "DescribeImages", "DescribeInstanceTypeOfferings"],
          ...["DescribeInstanceTypes", "DescribeKeyPairs", "DescribeSecurityGroups"],
          ...["DescribeSubnets", "DescribeVpcs"],
        ),
      ),
      grant(
        "OptionalFSXManagementCanBeRestricted",
        of("fsx", "CreateFileSystem", "DeleteFileSystem", "DescribeFileSystems", "TagResource"),
      ),
      grant(
        "OptionalEFSManagementCanBeRestricted",
        of(
          "elasticfilesystem",
          ...["CreateFileSystem", "DeleteFileSystem", "CreateMountTarget", "DeleteMountTarget"],
          ...["DescribeFileSystems", "DescribeMountTargets", "UpdateFileSystem"],
          ...["PutLifecycleConfiguration", "TagResource"],
        ),
      ),
      grant("OptionalUserdataCheck", ["ec2:GetConsoleOutput"]),
    ],
    Launch: [
      grant(
        "BatchEnvironmentListing",
        of(
          "batch",
          ...["DescribeComputeEnvironments", "DescribeJobDefinitions", "DescribeJobQueues", "DescribeJobs"],
        ),
      ),
      grant(
        "BatchJobsManagementCanBeRestricted",
        of("batch", "CancelJob", "RegisterJobDefinition", "SubmitJob", "TagResource", "TerminateJob"),
        "arn:aws:batch:*:*:job-definition/*",
        "arn:aws:batch:*:*:job-queue/TowerForge-*",
        "arn:aws:batch:*:*:job/*",
      ),
      grant(
        "CloudWatchLogsAccessCanBeRestricted",
        of(
          "logs",
          ...["Describe*", "FilterLogEvents", "Get*", "List*"],
          ...["StartQuery", "StopQuery", "TestMetricFilter"],
        ),
      ),
      grant("OptionalPipelineSecretsListing", ["secretsmanager:ListSecrets"]),
      grant(
        "OptionalPipelineSecretsManagementCanBeRestricted",
        of("secretsmanager", "DescribeSecret", "DeleteSecret", "CreateSecret"),
        "arn:aws:secretsmanager:*:*:secret:tower-*",
      ),
      grant(
        "OptionalLineageIntegrationSQSAndS3",
        [
          ...of("sqs", "CreateQueue", "GetQueueAttributes", "SetQueueAttributes", "GetQueueUrl"),
          ...of("sqs", "ReceiveMessage", "DeleteMessage"),
          ...of("s3", "CreateBucket", "GetBucketNotification", "PutBucketNotification", "GetBucketLocation"),
        ],
        "arn:aws:sqs:*:*:seqera-lineage-*",
        "arn:aws:s3:::seqera-lineage-*",
      ),
    ],
    S3: [grant("OptionalS3PlatformDataAccessCanBeRestricted", of("s3", "Get*", "List*", "PutObject"))],
  };
}
