/** What recovery looks at: the engine's own records, and what the services hold, side by side. Plain data. */
import type { HeldKey } from "../stack/held-keys.ts";
import type { Lock } from "../stack/locks.ts";
import type { StackState } from "../stack/state.ts";

/** An organization variable that the state does not know, although the stack would publish one of that name. */
export interface StrayVariable {
  name: string;
  value: string;
  /** What the stack would publish; undefined while that is not known. */
  wanted: string | undefined;
}

/** A compute environment named as the stack names its own. */
export interface FoundEnvironment {
  id: string;
  name: string;
  status: string;
}

/** All of it. */
export interface Findings {
  /** Undefined where the state is kept in a place that does not show them. */
  locks: Lock[] | undefined;
  state: StackState;
  /** Whether Seqera Platform is to assume a role, by the settings: a key of the stack's is then one it is about to leave. */
  byRole: boolean;
  /** The IAM user's name, by the settings. */
  userName: string;
  /** Ids of the user's access keys in AWS. */
  keyIds: string[];
  /** Credentials on the Platform that hold a key; `own` are the stack's. */
  held: HeldKey[];
  environments: FoundEnvironment[];
  /** Of the organization {@link owner}. */
  variables: StrayVariable[];
  owner: string;
}
