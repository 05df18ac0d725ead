import type { iam } from "@pulumi/aws";

/** A statement of a policy, with what its reader wants to know. */
export interface Grant {
  /** Unique within the policy. Letters and digits. */
  sid: string;
  /** Which call of Forge or of a launch needs it. */
  why: string;
  /** Where that is documented. */
  source: string;
  actions: string[];
  resources: string[];
  /** @default none */
  conditions?: Record<string, Record<string, string | string[]>>;
}

/** Where the rights hold. */
export interface Scope {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  partition: string;
  region: string;
  /** The 12 digits of the account. */
  account: string;
}

/** Seqera's own list of rights, statement by statement. */
export const SEQERA_DOCS = "https://docs.seqera.io/platform-cloud/compute-envs/aws-batch#iam-user-and-policy";
/** AWS's list of actions, the resources they can be bound to and their condition keys. */
export const AWS_AUTHORIZATION =
  "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html";

/** The grants as a policy document. */
export function policyDocument(grants: Grant[]): iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: grants.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: "Allow" as const,
      Action: actions,
      Resource: resources,
      ...(conditions && { Condition: conditions }),
    })),
  };
}

/** For actions that AWS binds to no resource: at least no other region. */
export function inRegion({ region }: Scope): Grant["conditions"] {
  return { StringEquals: { "aws:RequestedRegion": region } };
}
