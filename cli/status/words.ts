/** What could not be seen, in a status's words. */
import { textOf } from "../words.ts";
import type { Wrong } from "./part.ts";

/** An error with its own remedy, or the doctor's. */
export function wrongIn(reason: unknown): Wrong {
  const { found, mend } = textOf(reason);
  return { found, mend: mend || "npm run --silent megatests -- doctor" };
}
