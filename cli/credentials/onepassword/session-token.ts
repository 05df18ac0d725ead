/** The field with the session token: a key of a session works with it alone, and another item has none. */
import type { ItemFields } from "./look.ts";
import { WrongAnswer } from "../no-answer.ts";

/** What the item's other fields have been found to be. */
export interface KeyFields {
  /** Labels of the access key id and of its secret, in the order in which they are tried. */
  keyId: string[];
  secret: string[];
}

/**
 * Labels of fields that the token can be in.
 * @returns none where the item's key needs no token
 * @throws WrongAnswer where it needs one, and no field is left for it
 */
export function tokenLabels(title: string, item: ItemFields, { keyId, secret }: KeyFields): string[] {
  const id = keyId.find((label) => item.labels.includes(label));
  if (id === undefined || !item.temporaryKeys.includes(id)) return [];
  const left = item.labels.filter((label) => ![...keyId, ...secret].includes(label));
  if (left.length > 0) return left;
  throw new WrongAnswer(`The item ${title} has no field for a session token.`, {
    got: `${item.labels.join(", ")}, with a temporary key, which begins with ASIA, in ${id}`,
    allowed: "a field with the key's session token beside them, or a key that begins with AKIA",
    mend: "add the field to the item in 1Password, then run the same command again; at no terminal with --field awsSessionTokenField=LABEL",
  });
}
