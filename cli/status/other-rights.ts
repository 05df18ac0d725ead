/** The part about rights that do not come from the three policies: nobody who reads those would know of them. */
import type { Holder } from "../stack/access.ts";
import type { Part, Wrong } from "./part.ts";

/** @param inline names of policies in the user or role itself @param groups that the user is in */
export function otherRightsPart(
  { kind, name }: Holder,
  { inline, groups }: { inline: string[]; groups: string[] },
): Omit<Part, "name"> {
  const wrong: Wrong[] = [
    ...inline.map((policy) => ({
      found: `the ${kind} has a policy of its own, ${policy}, which is not this stack's`,
      mend: `aws iam delete-${kind}-policy --${kind}-name ${name} --policy-name ${policy}`,
    })),
    ...groups.map((group) => ({
      found: `the user is in the group ${group}, and has its rights`,
      mend: `aws iam remove-user-from-group --user-name ${name} --group-name ${group}`,
    })),
  ];
  const lines = [
    ...inline.map((policy): [string, string] => [policy, `in the ${kind} itself`]),
    ...groups.map((group): [string, string] => [group, "group"]),
  ];
  return { lines: lines.length > 0 ? lines : [["none", ""]], data: { inline, groups }, wrong };
}
