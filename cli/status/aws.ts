/** The parts in AWS: what the Platform works with there, and its policies. */
import type { Holder } from "../stack/access.ts";
import type { AwsReader } from "../stack/aws.ts";
import type { StackState } from "../stack/state.ts";
import { keysPart, userPart } from "./key.ts";
import { otherRightsPart } from "./other-rights.ts";
import type { Look } from "./part.ts";
import { policiesPart } from "./policies.ts";
import { rolePart } from "./role.ts";

/** What the parts are held against. */
export interface AwsExpected {
  /** Who has the policies. */
  holder: Holder;
  /** Whom a role has to trust. */
  seqeraPrincipal: string;
  /** For what: the external id of the stack's credentials; undefined where there are none. */
  externalId: () => Promise<string | undefined>;
  state: StackState;
  /** As the program makes them. */
  policies: () => Promise<{ name: string; document: unknown }[]>;
  /** Ids of keys that credentials of the workspace hold. */
  heldKeyIds: () => Promise<string[]>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The looks: at a user and its access key, or at a role. */
export function awsLooks(aws: AwsReader, expected: AwsExpected): Look[] {
  const { holder } = expected;
  const policies: Look = {
    name: "policies",
    look: async () => {
      const wanted = await expected.policies();
      const names = wanted.map(({ name }) => name);
      return policiesPart((await aws.attachedPolicies(holder, names)) ?? [], wanted, expected);
    },
  };
  const otherRights: Look = {
    name: "other rights",
    look: async () => otherRightsPart(holder, await aws.otherRights(holder)),
  };
  if (holder.kind === "role") {
    const look = async () => {
      const [trust, externalId] = await Promise.all([aws.trust(holder.name), expected.externalId()]);
      return rolePart(holder.name, trust, expected.seqeraPrincipal, externalId);
    };
    return [{ name: "role", look }, policies, otherRights];
  }
  const keys = aws.keys(holder.name);
  // Both parts say so.
  keys.catch(() => undefined);
  return [
    { name: "user", look: async () => userPart(holder.name, await keys) },
    {
      name: "access key",
      look: async () =>
        keysPart((await keys) ?? [], await expected.heldKeyIds(), { ...expected, userName: holder.name }),
    },
    policies,
    otherRights,
  ];
}
