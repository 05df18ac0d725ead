/** The parts in AWS: user, access keys, policies. */
import { isDeepStrictEqual } from "node:util";
import type { AttachedPolicy, AwsReader, ListedKey } from "../stack/aws.ts";
import type { StackState } from "../stack/state.ts";
import type { Look, Wrong } from "./part.ts";

const REFRESH = "pulumi refresh --run-program --yes, then: pulumi up";

/** What the parts are held against. */
export interface AwsExpected {
  userName: string;
  state: StackState;
  /** As the program makes them. */
  policies: () => Promise<{ name: string; document: unknown }[]>;
  /** Ids of keys that credentials of the workspace hold. */
  heldKeyIds: () => Promise<string[]>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The looks. */
export function awsLooks(aws: AwsReader, expected: AwsExpected): Look[] {
  const { userName } = expected;
  return [
    { name: "user", look: async () => userPart(userName, await aws.keys(userName)) },
    {
      name: "access key",
      look: async () => keysPart((await aws.keys(userName)) ?? [], await expected.heldKeyIds(), expected),
    },
    {
      name: "policies",
      look: async () =>
        policiesPart((await aws.attachedPolicies(userName)) ?? [], await expected.policies(), expected),
    },
  ];
}

function userPart(name: string, keys: ListedKey[] | undefined) {
  const exists = keys !== undefined;
  const wrong = exists ? [] : [{ found: `AWS has no user ${name}`, mend: REFRESH }];
  return {
    lines: [[name, exists ? "exists" : "does not exist"] as [string, string]],
    data: { name, exists },
    wrong,
  };
}

/** One key, active, known to the state, held by the Platform. */
function keysPart(keys: ListedKey[], held: string[], { state, now }: AwsExpected) {
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
            mend: `aws iam update-access-key --access-key-id ${id} --status Active`,
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
      lastUsed ? `last used ${lastUsed.at} by ${lastUsed.service}` : "not used yet",
      onPlatform ? "on the Platform" : "not on the Platform",
    ].join(", "),
  ]);
  return { lines: lines.length > 0 ? lines : [["none", ""] as [string, string]], data, wrong };
}

/** Attached, and saying what the program says; the state tells whether a person or a newer program differs. */
function policiesPart(
  attached: AttachedPolicy[],
  wanted: { name: string; document: unknown }[],
  { userName, state }: AwsExpected,
) {
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
      mend: `aws iam detach-user-policy --policy-arn ${arn} --user-name ${userName}`,
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
