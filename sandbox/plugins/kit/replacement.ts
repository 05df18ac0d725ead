/** In which order a replacement goes. */
import type { ResourceType } from "./resource.ts";
import type { Props } from "./values.ts";

/**
 * Whether a replacement deletes the old one first: under a name of the program's own there is no room for two.
 * The bridge keeps note of names it has made itself; here they are known by their form.
 *
 * @param name of the URN
 */
export function deletesFirst(type: ResourceType<never>, name: string, news: Props): boolean {
  const given = type.autoname && news[type.autoname];
  if (typeof given !== "string") return false;
  return !(given.startsWith(`${name}-`) && /^[0-9a-f]{7}$/.test(given.slice(name.length + 1)));
}
