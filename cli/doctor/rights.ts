/** What a deployment has to be allowed in AWS, for the simulation. */
import type { StackConfig } from "../../config.ts";
import type { Identity, Right } from "../stack/aws.ts";

/** The calls of the program and of its aws provider, on what the stack names. */
export function deploymentRights(
  { account, arn }: Identity,
  { userName, policyPrefix, bucket }: Pick<StackConfig, "userName" | "policyPrefix" | "bucket">,
): Right[] {
  const partition = arn.split(":")[1] ?? "aws";
  const iam = `arn:${partition}:iam::${account}`;
  const policies = ["Forge", "Launch", "S3"].map((part) => `${iam}:policy/${policyPrefix}-${part}-Policy`);
  return [
    {
      actions: [
        ...["iam:GetUser", "iam:CreateUser", "iam:TagUser", "iam:DeleteUser", "iam:ListAttachedUserPolicies"],
        ...["iam:AttachUserPolicy", "iam:DetachUserPolicy"],
        ...["iam:ListAccessKeys", "iam:CreateAccessKey", "iam:DeleteAccessKey"],
      ],
      resources: [`${iam}:user/${userName}`],
    },
    {
      actions: [
        ...["iam:GetPolicy", "iam:CreatePolicy", "iam:TagPolicy", "iam:DeletePolicy", "iam:GetPolicyVersion"],
        ...["iam:ListPolicyVersions", "iam:CreatePolicyVersion", "iam:DeletePolicyVersion"],
      ],
      resources: policies,
    },
    {
      actions: ["s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketTagging"],
      resources: [`arn:${partition}:s3:::${bucket}`],
    },
  ];
}
