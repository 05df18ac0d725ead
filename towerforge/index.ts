import * as pulumi from "@pulumi/pulumi";
import type { KeyArgs } from "./key.ts";
import { type ManagedPoliciesArgs, managedPolicies } from "./managed-policies.ts";
import { type ReleaseCheck, releaseHooks } from "./release.ts";
import { assumedRole, type RoleArgs } from "./role.ts";
import { userWithKey } from "./user.ts";

export { openIam } from "./iam.ts";
export { type AwsLook, lookAtAws, type LookArgs } from "./look.ts";
export { policiesOf } from "./policies/index.ts";

/** What Seqera Platform works as: a user by its access key, or a role. */
export interface TowerForgeArgs extends ManagedPoliciesArgs, KeyArgs, RoleArgs {
  /** Asked before any access key or role is deleted. */
  mayRelease: ReleaseCheck;
}

/** What the Platform's credentials for a role are known by. */
interface Offer {
  externalId: pulumi.Output<string>;
}

/** What the Platform is given: a key, the secret of which is one; or a role that it was offered, once all of that is there. */
export type TowerForgeAccess<O extends Offer> =
  | { accessKeyId: pulumi.Output<string>; secretAccessKey: pulumi.Output<string> }
  | { offer: O; after: pulumi.Resource[] };

/** Three policies, and who has them: an IAM user with an access key, or an IAM role without any. */
export class TowerForge<O extends Offer> extends pulumi.ComponentResource {
  readonly policyArns: Record<"forge" | "launch" | "s3", pulumi.Output<string>>;
  readonly access: TowerForgeAccess<O>;
  /** Name, ARN and, of a user, the id of its access key. */
  readonly names: Record<string, pulumi.Output<string>>;

  /** @param offer of a role on the Platform; undefined where it is to hold a key */
  constructor(
    name: string,
    args: TowerForgeArgs,
    offer: O | undefined,
    opts: pulumi.ComponentResourceOptions,
  ) {
    // The type is part of the names in every state, and older than the roles.
    super("AWSMegatests:towerforge:TowerForgeUser", name, {}, opts);
    const tags = {
      ManagedBy: "Pulumi",
      Project: pulumi.getProject(),
      Stack: pulumi.getStack(),
      UsedBy: "Seqera Platform",
    };
    const policies = managedPolicies(name, args, tags, this);
    const release = releaseHooks(name, args.mayRelease);
    const { access, names } =
      offer === undefined
        ? userWithKey(name, args, policies, release.key, tags, this)
        : assumedRole(name, args, offer, policies, release.role, tags, this);
    this.access = access;
    this.names = names;
    this.policyArns = { forge: policies.forge.arn, launch: policies.launch.arn, s3: policies.s3.arn };
    this.registerOutputs({});
  }
}
