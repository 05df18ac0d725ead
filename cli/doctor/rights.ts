/** What a deployment has to be allowed in AWS, for the simulation. */
import type { StackConfig } from "../../config.ts";
import type { AwsReader, Identity, Right } from "../stack/aws.ts";
import { fail, type Finding, notApplicable, pass } from "./row.ts";

/** What IAM says to who may not simulate, and what answers in IAM's place where it has no such call. */
const NO_SIMULATION = ["AccessDenied", "AccessDeniedException", "NotImplemented", "InternalFailure"];

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

/** By simulation, where that is allowed. */
export async function rightsRow(
  aws: AwsReader,
  { arn }: Identity,
  rights: Right[],
): Promise<Finding<undefined>> {
  try {
    const refused = await aws.refused(principalOf(arn), rights);
    const count = rights.flatMap(({ actions }) => actions).length;
    if (refused.length === 0) return pass(`${count} actions, by simulation`);
    return fail(
      `refused, of ${count} actions: ${refused.slice(0, 5).join(", ")}${refused.length > 5 ? ", …" : ""}`,
      `attach a policy that allows them to ${arn}`,
    );
  } catch (reason) {
    const { name } = reason as Error;
    if (NO_SIMULATION.includes(name))
      return notApplicable(`not simulated: ${name} for iam:SimulatePrincipalPolicy`);
    throw reason;
  }
}

/** IAM simulates users and roles, not a role's session. */
function principalOf(arn: string): string {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
}
