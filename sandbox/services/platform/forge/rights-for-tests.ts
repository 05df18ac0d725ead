/** The rights of the key that the Platform holds: the stack's own policies, with every switch on. */
import { type IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { policyDocument, towerForgeGrants } from "../../../../towerforge/policies/index.ts";
import type { Seed } from "../../seed.ts";

/**
 * Gives them to a user.
 * @param without actions that are left out. @default none
 */
export async function giveRights(
  iam: IAMClient,
  UserName: string,
  { awsAccountId: account, region, bucket }: Seed,
  without: string[] = [],
): Promise<void> {
  const managed = [
    "AWSBatchServiceRole",
    "AmazonEC2SpotFleetTaggingRole",
    "AmazonEC2ContainerServiceforEC2Role",
  ];
  const grants = towerForgeGrants({
    ...{ partition: "aws", region, account, bucketArn: `arn:aws:s3:::${bucket}`, permissions: "least" },
    ...{ efsRights: true, fsxRights: true, secretsRights: true, sesRights: true, dataExplorerRights: true },
    ...{ logGroups: ["/aws/batch/job"], namedRoles: [] },
    forgeManagedPolicies: [
      ...[...managed, "AmazonECSTaskExecutionRolePolicy"].map((name) => `service-role/${name}`),
      "AmazonS3ReadOnlyAccess",
    ],
    passedToServices: ["batch", "ec2", "ecs-tasks", "spotfleet"].map((name) => `${name}.amazonaws.com`),
  });
  for (const [PolicyName, all] of Object.entries(grants)) {
    const left = all.map((grant) => ({
      ...grant,
      actions: Object.fromEntries(Object.entries(grant.actions).filter(([name]) => !without.includes(name))),
    }));
    const PolicyDocument = JSON.stringify(policyDocument(left, PolicyName));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  }
}
