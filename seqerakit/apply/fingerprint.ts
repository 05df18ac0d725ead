import { createHash } from "node:crypto";

/** A hash, in hex, of what a JSON value says: neither the order of its keys nor how it was written counts. */
export function fingerprint(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(ordered(value)))
    .digest("hex");
}

/** The same with all keys in order: of a list the order means something, of an object's keys it does not. */
export function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}
