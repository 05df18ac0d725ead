import type { iam } from "@pulumi/aws";

/** A statement of a policy, with what its reader wants to know. Only the actions, resources and conditions reach AWS. */
export interface Grant {
  /** Unique within the policy. Letters and digits. */
  sid: string;
  /** Each action with the call of Forge, of a launch or of the Platform that needs it. */
  actions: Record<string, string>;
  /** Where that is documented. */
  source: string;
  resources: string[];
  /** @default none */
  conditions?: Record<string, Record<string, string | string[]>>;
  /** What is narrower here than in Seqera's own policies. @default nothing */
  narrower?: string;
}

/** Where the rights hold. */
export interface Scope {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  partition: string;
  region: string;
  /** The 12 digits of the account. */
  account: string;
}

/** Seqera's own list of rights, statement by statement, for AWS Batch. */
export const SEQERA_DOCS =
  "https://docs.seqera.io/platform-cloud/compute-envs/aws-batch#required-platform-iam-permissions";
/** AWS's list of actions, the resources they can be bound to and their condition keys. */
export const AWS_AUTHORIZATION =
  "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html";

/** Characters of a managed policy, white space left out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_POLICY = 6144;

/**
 * The grants as a policy document.
 * @param policy the end of the policy's name, e.g. `Forge`, for the error
 * @throws Error when it is longer than a managed policy may be
 */
export function policyDocument(grants: Grant[], policy: string): iam.PolicyDocument {
  const document = {
    Version: "2012-10-17" as const,
    Statement: grants.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: "Allow" as const,
      Action: Object.keys(actions),
      Resource: resources,
      ...(conditions && { Condition: conditions }),
    })),
  };
  const { length } = JSON.stringify(document);
  if (length <= LONGEST_POLICY) return document;
  throw new Error(
    [
      `The ${policy} policy is longer than IAM allows.`,
      `  got:     ${length} characters in ${grants.length} statements`,
      `  allowed: ${LONGEST_POLICY}`,
      `  mend:    name fewer log groups and roles in the compute environments' files, or fewer AWSMegatests:forgeManagedPolicies`,
    ].join("\n"),
  );
}

/** For actions that AWS binds to no resource: at least no other region. */
export function inRegion({ region }: Scope): Grant["conditions"] {
  return { StringEquals: { "aws:RequestedRegion": region } };
}
