/** Connect's `filter` parameter, as far as clients use it: `title eq "…"`, and `name eq "…"` for vaults. */
import { ApiError } from "../local-app.ts";

/** @returns the name looked for, or undefined without a filter. @throws ApiError 400 for any other expression */
export function filteredName(query: unknown): string | undefined {
  const { filter } = query as { filter?: string | string[] };
  if (filter === undefined) return undefined;
  const quoted = /^\s*(?:title|name)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec([filter].flat().join())?.[1];
  if (quoted === undefined) throw new ApiError(400, `Invalid filter, allowed: title eq "…" or name eq "…"`);
  return quoted.slice(1, -1).replaceAll(/\\(.)/g, "$1");
}
