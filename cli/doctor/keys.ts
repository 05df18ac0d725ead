/** The user's access keys, held against the state and the Platform. */
import { decide, type Item } from "../recover/decide.ts";
import type { ListedKey } from "../stack/aws.ts";
import type { StackState } from "../stack/state.ts";
import { fail, type Finding, pass } from "./row.ts";

const RECOVER = "npm run --silent megatests -- recover";

/** What is held against each other. */
export interface Keys {
  state: StackState;
  /** Whether the Platform is to assume a role. */
  byRole: boolean;
  userName: string;
  keys: ListedKey[];
  held: { accessKeyId: string; by: string; own: boolean }[];
}

/** Two keys are an unfinished rotation; what else may be wrong with them is recovery's to say. */
export function keysRow({ state, byRole, userName, keys, held }: Keys): Finding<undefined> {
  const keyIds = keys.map(({ id }) => id);
  const inUse = held.filter(({ accessKeyId }) => keyIds.includes(accessKeyId));
  const both = new Set(inUse.map(({ accessKeyId }) => accessKeyId)).size > 1;
  const strange = inUse.find(({ own }) => !own);
  if (both && strange)
    return fail(
      `The IAM user has two access keys already, and Seqera Platform works with both of them: ${strange.accessKeyId} in ${strange.by}`,
      `delete the credentials ${strange.by} on the Platform; then: pulumi up`,
    );
  const nothingElse = { locks: [], environments: [], variables: [], owner: "" };
  const items = decide({ ...nothingElse, state, byRole, userName, keyIds, held });
  if (items.length > 0) return fail(items.map(({ found }) => found).join("\n"), items.map(remedy).join("\n"));
  const inactive = keys.find(({ active }) => !active);
  if (inactive)
    return fail(
      `access key ${inactive.id} is inactive: whoever works with it is refused`,
      `aws iam update-access-key --user-name ${userName} --access-key-id ${inactive.id} --status Active`,
    );
  if (keyIds.length === 0)
    return pass(
      `${userName} has none: ${byRole ? "the Platform assumes a role" : "the deployment makes one"}`,
    );
  return pass(`${keyIds.join(", ")}, in the state and on the Platform`);
}

function remedy({ by, then }: Item): string {
  if (by === "you") return then;
  return `${by === "recover" ? RECOVER : by} (${then})`;
}
