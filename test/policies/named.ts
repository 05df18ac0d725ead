import type { NamedPolicy } from "../../sandbox/services/aws/authorization/simulate.ts";
import {
  type DeployerArgs,
  deployerGrants,
  type PolicyArgs,
  policyDocument,
  towerForgeGrants,
} from "../../towerforge/policies/index.ts";
import { deployerArgs } from "./stack-args.ts";

/** The three policies as AWS would be given them. */
export function namedPolicies(args: PolicyArgs): NamedPolicy[] {
  return Object.entries(towerForgeGrants(args)).map(([name, grants]) => named(name, grants));
}

/** The deployer's. */
export function deployerPolicy(changes: Partial<DeployerArgs>, stackFile?: string): NamedPolicy {
  return named("Deployer", deployerGrants(deployerArgs(changes, stackFile)));
}

function named(name: string, grants: Parameters<typeof policyDocument>[0]): NamedPolicy {
  return {
    name,
    document: JSON.parse(JSON.stringify(policyDocument(grants, name))) as NamedPolicy["document"],
  };
}
