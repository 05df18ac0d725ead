/** IAM policy documents: text in the state, compared by meaning. */
import { isDeepStrictEqual } from "node:util";
import type { Property } from "../kit/resource.ts";
import { hasUnknown, UNKNOWN } from "../kit/values.ts";

/** An argument that takes a policy document, as a text or as an object. */
export const documentProperty: Property = {
  required: true,
  normalize: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
  same: sameDocument,
};

/** Whether two documents say the same: white space, the order of lists, and one value for a list of one do not count. */
export function sameDocument(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "string" || typeof other !== "string" || hasUnknown([one, other])) return false;
  try {
    return isDeepStrictEqual(canonical(JSON.parse(one)), canonical(JSON.parse(other)));
  } catch {
    return false;
  }
}

/** @returns the text recorded before where it says the same as what is there, so that formatting is no drift */
export function keptDocument(found: string, known: unknown): string {
  return typeof known === "string" && known !== UNKNOWN && sameDocument(found, known) ? known : found;
}

/** Every list sorted and free of doubles, every list of one its only member, every number or boolean a text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const members = [...new Map(value.map(canonical).map((member) => [JSON.stringify(member), member]))];
    members.sort(([one], [other]) => (one < other ? -1 : 1));
    return members.length === 1 ? members[0]?.[1] : members.map(([, member]) => member);
  }
  if (value === null || typeof value !== "object") return String(value);
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, canonical((value as Record<string, unknown>)[key])]));
}
