import type { PolicyArgs } from "../../../towerforge/policies/index.ts";
import { dataAttacks } from "./attacks-data.ts";
import { escalations } from "./attacks-escalation.ts";
import { iamAttacks, roleAttacks } from "./attacks-iam.ts";
import { neighbourAttacks } from "./attacks-neighbours.ts";
import { forgeRows } from "./forge.ts";
import { launchRows } from "./launch.ts";
import type { Place, Row } from "./row.ts";

export { type Remaining, remainingRisks } from "./remaining.ts";
export type { Place, Row } from "./row.ts";

/** All that Forge and the runs of a stack's compute environments ask of AWS. */
export function needs(place: Place, args: PolicyArgs): Row[] {
  return [...forgeRows(place, args), ...launchRows(place, args)];
}

/** All that a thief of the key would try; what the stack has switched on is none. */
export function attacks(place: Place, args: PolicyArgs): Row[] {
  return [
    ...iamAttacks(place),
    ...roleAttacks(place, args),
    ...escalations(place),
    ...dataAttacks(place, args),
    ...neighbourAttacks(place),
  ];
}
