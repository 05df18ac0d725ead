import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { makeAgain, type Mending } from "./mending.ts";
import {
  type Grant,
  type PolicyArgs,
  policyDocument,
  type Scope,
  towerForgeGrants,
} from "./policies/index.ts";

/** The three policies, whoever they are attached to. */
export interface ManagedPoliciesArgs extends Omit<PolicyArgs, keyof Scope | "bucketArn"> {
  /** Partition, region and account the rights are bound to. */
  scope: Scope;
  /** What the three policies' names begin with. */
  policyPrefix: string;
  /** The work bucket. */
  bucketArn: pulumi.Input<string>;
  mending: Mending;
}

/** By the part of the Platform's work. */
export type ManagedPolicies = Record<"forge" | "launch" | "s3", aws.iam.Policy>;

/** Makes them. Their names in the state are the same in every mode: a change of it changes no policy. */
export function managedPolicies(
  name: string,
  args: ManagedPoliciesArgs,
  tags: Record<string, string>,
  parent: pulumi.Resource,
): ManagedPolicies {
  const grants = pulumi
    .output(args.bucketArn)
    .apply((bucketArn) => towerForgeGrants({ ...args, ...args.scope, bucketArn }));
  const make = (part: "Forge" | "Launch" | "S3", description: string) => {
    const policyName = `${args.policyPrefix}-${part}-Policy`;
    const arn = `arn:${args.scope.partition}:iam::${args.scope.account}:policy/${policyName}`;
    const again = makeAgain(
      `${name}-${part.toLowerCase()}-policy-again`,
      {
        ...{ what: `IAM policy ${policyName}`, tags, setting: "policyPrefix" },
        find: (iam) => iam.policy(arn),
        remove: (iam) => iam.deletePolicy(arn),
      },
      args.mending,
    );
    return new aws.iam.Policy(
      `${name}-${part.toLowerCase()}-policy`,
      {
        name: policyName,
        description,
        policy: grants.apply((all) => documentText(all[part], part)),
        tags,
      },
      // The provider would else take away a policy of a former prefix before there is another one.
      { parent, hooks: { onError: [again] }, deleteBeforeReplace: false },
    );
  };
  return {
    forge: make("Forge", "Makes and removes compute environments"),
    launch: make("Launch", "Submits and watches runs"),
    s3: make("S3", "Reads and writes the work bucket"),
  };
}

/** @throws pulumi.RunError when the policy is longer than IAM allows */
function documentText(grants: Grant[], part: string): string {
  try {
    return JSON.stringify(policyDocument(grants, part));
  } catch (reason) {
    throw new pulumi.RunError((reason as Error).message);
  }
}
