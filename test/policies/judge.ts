import { type NamedPolicy, simulate } from "../../sandbox/services/aws/authorization/simulate.ts";
import type { Row } from "./tables/row.ts";

/** A row, and whether AWS would do all of it. */
export interface Judged extends Row {
  allowed: boolean;
  /** The calls that were refused, as `action on resource`. */
  refused: string[];
}

/** @throws Error where a row cannot be judged: a call that is none is no proof of anything */
export async function judge(principal: string, policies: NamedPolicy[], rows: Row[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const row of rows) {
    const refused: string[] = [];
    for (const call of row.calls) {
      const { result, ignoredKeys } = await simulate({ arn: principal, policies }, call);
      const unknown = ignoredKeys.filter((key) => !key.toLowerCase().startsWith("aws:"));
      if (unknown.length > 0) throw new Error(`${call.action} knows no condition key ${unknown.join(", ")}`);
      if (result !== "Allowed") refused.push(`${call.action} on ${call.resource}`);
    }
    judged.push({ ...row, allowed: refused.length === 0, refused });
  }
  return judged;
}
