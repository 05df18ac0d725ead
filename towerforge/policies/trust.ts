import type { iam } from "@pulumi/aws";

/** Seqera's own example: https://docs.seqera.io/platform-cloud/compute-envs/aws-batch#role-based-trust-policy-example-seqera-cloud */
export interface TrustArgs {
  /** ARN of the principal that Seqera Platform assumes the role as. */
  seqeraPrincipal: string;
  /** What the Platform has made up for these credentials, so that it assumes the role for nobody else. */
  externalId: string;
}

/**
 * Who may assume the role: Seqera Platform alone, and only for whoever owns the credentials with that external id. The
 * tags of a session need a statement of their own, because a call with tags is two actions to AWS.
 */
export function trustDocument({ seqeraPrincipal, externalId }: TrustArgs): iam.PolicyDocument {
  const seqera = { Effect: "Allow" as const, Principal: { AWS: seqeraPrincipal } };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "SeqeraAssumes",
        ...seqera,
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": externalId } },
      },
      { Sid: "SeqeraTagsItsSessions", ...seqera, Action: "sts:TagSession" },
    ],
  };
}
