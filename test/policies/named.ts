import type { NamedPolicy } from "../../sandbox/services/aws/authorization/simulate.ts";
import { type PolicyArgs, policyDocument, towerForgeGrants } from "../../towerforge/policies/index.ts";

/** The three policies as AWS would be given them. */
export function namedPolicies(args: PolicyArgs): NamedPolicy[] {
  return Object.entries(towerForgeGrants(args)).map(([name, grants]) => ({
    name,
    document: JSON.parse(JSON.stringify(policyDocument(grants, name))) as NamedPolicy["document"],
  }));
}
