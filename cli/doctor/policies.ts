/** The three policies, attached or not. */
import type { StackConfig } from "../../config.ts";
import { holderOf } from "../stack/access.ts";
import type { StackState } from "../stack/state.ts";
import { REFRESH } from "../words.ts";
import { fail, type Finding, pass } from "./row.ts";

const PARTS = ["Forge", "Launch", "S3"];

/** The names of the three. */
export function policyNames(prefix: string): string[] {
  return PARTS.map((part) => `${prefix}-${part}-Policy`);
}

/** The state does not notice what is detached by hand. @param attached undefined where nobody is there to have them */
export function policiesRow(
  config: StackConfig,
  state: StackState,
  attached: string[] | undefined,
): Finding<undefined> {
  const { kind, name } = holderOf(config);
  const known = (kind === "user" ? state.userNames : state.roleNames).includes(name);
  if (!known) return pass("none yet: the deployment attaches them");
  if (attached === undefined) return fail(`the IAM ${kind} ${name} is gone, which the state knows`, REFRESH);
  const missing = PARTS.filter((part) => !attached.includes(`${config.policyPrefix}-${part}-Policy`));
  if (missing.length === 0) return pass(`${PARTS.join(", ")}, attached to ${name}`);
  return fail(
    `Policies were detached from the IAM ${kind} ${name} by hand: without ${missing.join(", ")}`,
    REFRESH,
  );
}
