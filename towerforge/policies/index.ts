import { type ForgeArgs, forgeGrants } from "./forge.ts";
import type { iam } from "@pulumi/aws";
import { type Grant, policyDocument } from "./grant.ts";
import { type LaunchArgs, launchGrants } from "./launch.ts";
import { type S3Args, s3Grants } from "./s3.ts";
import { seqeraDocsGrants } from "./seqera-docs.ts";

export { type DeployerArgs, deployerGrants, deploymentGrants } from "./deployer.ts";
export { type Grant, policyDocument, type Scope } from "./grant.ts";
export { type TrustArgs, trustDocument } from "./trust.ts";

/** What the three policies are made for. */
export interface PolicyArgs extends ForgeArgs, LaunchArgs, S3Args {
  /** `least`: what the configured compute environments need; `seqera-docs`: Seqera's published rights as they are. */
  permissions: "least" | "seqera-docs";
}

/** The statements of the three policies, by the end of each policy's name. */
export type TowerForgeGrants = Record<"Forge" | "Launch" | "S3", Grant[]>;

/** The rights of the key (or role) that Seqera Platform works with. No statement stands in two of them. */
export function towerForgeGrants(args: PolicyArgs): TowerForgeGrants {
  return args.permissions === "seqera-docs"
    ? withWorkBucket(args, seqeraDocsGrants(args))
    : { Forge: forgeGrants(args), Launch: launchGrants(args), S3: s3Grants(args) };
}

/** Each policy's name under a prefix, with its document, as a deployment makes them. */
export function policiesOf(
  prefix: string,
  args: PolicyArgs,
): { name: string; document: iam.PolicyDocument }[] {
  return Object.entries(towerForgeGrants(args)).map(([part, grants]) => ({
    name: `${prefix}-${part}-Policy`,
    document: policyDocument(grants, part),
  }));
}

/** Seqera publishes the writing of the work bucket apart from the rest. */
function withWorkBucket(args: PolicyArgs, grants: TowerForgeGrants): TowerForgeGrants {
  const [, objects] = s3Grants(args);
  return { ...grants, S3: [...grants.S3, objects!] };
}
