/** The parts about the user of the key, and its access key. */
import type { ListedKey } from "../stack/aws.ts";
import type { StackState } from "../stack/state.ts";
import { REFRESH } from "../words.ts";
import type { Part, Wrong } from "./part.ts";

/** @param keys undefined where there is no such user */
export function userPart(name: string, keys: ListedKey[] | undefined): Omit<Part, "name"> {
  const exists = keys !== undefined;
  const wrong = exists ? [] : [{ found: `AWS has no user ${name}`, mend: REFRESH }];
  return {
    lines: [[name, exists ? "exists" : "does not exist"] as [string, string]],
    data: { name, exists },
    wrong,
  };
}

/** One key, active, known to the state, held by the Platform. */
export function keysPart(
  keys: ListedKey[],
  held: string[],
  { userName, state, now }: { userName: string; state: StackState; now: () => number },
): Omit<Part, "name"> {
  const current = state.accessKeys.filter(({ replaced }) => !replaced).map(({ id }) => id);
  const data = keys.map(({ id, active, created, lastUsed }) => ({
    ...{ id, active, ageDays: created && Math.floor((now() - created.getTime()) / 86_400_000) },
    lastUsed: lastUsed && { at: lastUsed.at.toISOString(), service: lastUsed.service },
    ...{ onPlatform: held.includes(id), inState: current.includes(id) },
  }));
  const wrong: Wrong[] = data.flatMap(({ id, active, onPlatform, inState }) => [
    ...(active
      ? []
      : [
          {
            found: `access key ${id} is inactive`,
            mend: `aws iam update-access-key --user-name ${userName} --access-key-id ${id} --status Active`,
          },
        ]),
    ...(onPlatform
      ? []
      : [{ found: `access key ${id} is in no credentials on Seqera Platform`, mend: "pulumi up" }]),
    ...(inState
      ? []
      : [{ found: `access key ${id} is not the state's`, mend: "npm run --silent megatests -- doctor" }]),
  ]);
  if (keys.length !== 1)
    wrong.push({ found: `the user has ${keys.length} access keys, not one`, mend: "pulumi up" });
  const lines = data.map(({ id, active, ageDays, lastUsed, onPlatform }): [string, string] => [
    id,
    [
      active ? "active" : "inactive",
      ageDays === undefined ? "of unknown age" : `${ageDays} days old`,
      useText(lastUsed),
      onPlatform ? "on the Platform" : "not on the Platform",
    ].join(", "),
  ]);
  return { lines: lines.length > 0 ? lines : [["none", ""] as [string, string]], data, wrong };
}

function useText(last: { at: string; service: string } | undefined | null): string {
  if (last === null) return "last use not told";
  return last ? `last used ${last.at} by ${last.service}` : "not used yet";
}
