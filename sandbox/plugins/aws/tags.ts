/** Tags, as the real provider splits them: those of the resource, and all together with the provider's defaults. */
import type { Property } from "../kit/resource.ts";
import type { Props } from "../kit/values.ts";
import type { AwsSession } from "./session.ts";

/** A set of tags by key. */
export type Tags = Record<string, string>;

/** A tag in the words of the AWS API. */
export interface AwsTag {
  Key: string | undefined;
  Value: string | undefined;
}

/** The `tags` argument. */
export const tagsProperty: Property = {};

/** The `tagsAll` output, known before any call. */
export function plannedTags(session: AwsSession, inputs: Props): Props {
  if (typeof inputs.tags === "string") return { tagsAll: inputs.tags };
  return { tagsAll: { ...session.defaultTags, ...(inputs.tags as Tags | undefined) } };
}

/**
 * @returns all tags the resource should have, in the words of the AWS API; undefined when there are none: a request
 *   with tags needs the right to tag
 */
export function tagsAtCreation(
  session: AwsSession,
  inputs: Props,
): { Key: string; Value: string }[] | undefined {
  const wanted = wantedTags(session, inputs);
  return wanted.length > 0 ? wanted : undefined;
}

/** @returns all tags the resource should have, in the words of the AWS API */
export function wantedTags(session: AwsSession, inputs: Props): { Key: string; Value: string }[] {
  const { tagsAll } = plannedTags(session, inputs) as { tagsAll: Tags };
  return Object.entries(tagsAll).map(([Key, Value]) => ({ Key, Value }));
}

/** @returns `tags` and `tagsAll` of what AWS answered; a tag that equals a default one counts as the default */
export function tagOutputs(session: AwsSession, found: readonly AwsTag[] | undefined, known: Props): Props {
  const tagsAll = Object.fromEntries((found ?? []).map(({ Key, Value }) => [Key as string, Value ?? ""]));
  const own = (known.tags ?? {}) as Tags;
  const isDefault = (key: string, value: string): boolean =>
    session.defaultTags[key] === value && !(key in own);
  const tags = Object.fromEntries(Object.entries(tagsAll).filter(([key, value]) => !isDefault(key, value)));
  return { tags, tagsAll };
}

/** What it takes to come from one set of tags to another. */
export function tagChanges(session: AwsSession, olds: Props, news: Props) {
  const had = (olds.tagsAll ?? {}) as Tags;
  const wanted = wantedTags(session, news);
  const keys = new Set(wanted.map(({ Key }) => Key));
  return {
    add: wanted.filter(({ Key, Value }) => had[Key] !== Value),
    remove: Object.keys(had).filter((key) => !keys.has(key)),
  };
}
