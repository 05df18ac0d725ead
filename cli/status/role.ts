/** The part about the role that Seqera Platform assumes. */
import { isDeepStrictEqual } from "node:util";
import { trustDocument } from "../../towerforge/policies/index.ts";
import { REFRESH } from "../words.ts";
import type { Part, Wrong } from "./part.ts";

/**
 * There, and trusting the Platform for the external id of the stack's own credentials, which is never shown.
 * @param trust as IAM holds it; undefined where there is no such role
 * @param externalId undefined where the Platform has no such credentials
 */
export function rolePart(
  name: string,
  trust: unknown,
  seqeraPrincipal: string,
  externalId: string | undefined,
): Omit<Part, "name"> {
  const exists = trust !== undefined;
  const trusts =
    externalId !== undefined && isDeepStrictEqual(trust, trustDocument({ seqeraPrincipal, externalId }));
  const wrong: Wrong[] = [];
  if (!exists) wrong.push({ found: `AWS has no role ${name}`, mend: REFRESH });
  else if (!trusts)
    wrong.push({ found: `role ${name} does not trust the Platform's credentials as it must`, mend: REFRESH });
  const how = trusts ? `exists, trusts ${seqeraPrincipal}` : "exists, its trust is another one";
  return { lines: [[name, exists ? how : "does not exist"]], data: { name, exists, trusts }, wrong };
}
