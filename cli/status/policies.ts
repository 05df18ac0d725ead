/** The part about the three policies: attached, and saying what the program says. */
import { isDeepStrictEqual } from "node:util";
import type { Holder } from "../stack/access.ts";
import type { AttachedPolicy } from "../stack/aws.ts";
import type { StackState } from "../stack/state.ts";
import { REFRESH } from "../words.ts";
import type { Part, Wrong } from "./part.ts";

/** The state tells whether a person or a newer program differs. @param wanted as the program makes them */
export function policiesPart(
  attached: AttachedPolicy[],
  wanted: { name: string; document: unknown }[],
  { holder: { kind, name: holder }, state }: { holder: Holder; state: Pick<StackState, "policies"> },
): Omit<Part, "name"> {
  const data = wanted.map(({ name, document }) => {
    const there = attached.find((policy) => policy.name === name);
    const last = state.policies.find((policy) => policy.name === name)?.document;
    const unchanged = there !== undefined && isDeepStrictEqual(there.document, document);
    const asDeployed =
      there !== undefined && last !== undefined && isDeepStrictEqual(there.document, JSON.parse(last));
    return { name, attached: there !== undefined, unchanged, asDeployed };
  });
  const strangers = attached.filter(({ name }) => !wanted.some((policy) => policy.name === name));
  const wrong: Wrong[] = [
    ...data.flatMap(({ name, attached: isAttached, unchanged, asDeployed }) => {
      if (!isAttached) return [{ found: `policy ${name} is not attached`, mend: "pulumi up" }];
      if (unchanged) return [];
      return asDeployed
        ? [
            {
              found: `policy ${name} is of another version of the program or its settings`,
              mend: "pulumi up",
            },
          ]
        : [{ found: `policy ${name} was changed by hand`, mend: REFRESH }];
    }),
    ...strangers.map(({ name, arn }) => ({
      found: `policy ${name} is attached, and is not this stack's`,
      mend: `aws iam detach-${kind}-policy --policy-arn ${arn} --${kind}-name ${holder}`,
    })),
  ];
  const lines = [
    ...data.map(({ name, attached: isAttached, unchanged }): [string, string] => [
      name,
      isAttached ? `attached, ${unchanged ? "unchanged" : "changed"}` : "not attached",
    ]),
    ...strangers.map(({ name }): [string, string] => [name, "attached, not this stack's"]),
  ];
  return {
    lines,
    data: [...data, ...strangers.map(({ name }) => ({ name, attached: true, stranger: true }))],
    wrong,
  };
}
