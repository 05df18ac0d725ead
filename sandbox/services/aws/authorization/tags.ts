/** Tags in requests, as condition keys. */
import { list, record, text } from "./parts.ts";

/** The condition keys of tags that are to be set. */
export function requestTags(tags: Record<string, string>): Record<string, string | string[]> {
  const keys = Object.keys(tags);
  if (keys.length === 0) return {};
  const each = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { "aws:TagKeys": keys, ...(Object.fromEntries(each) as Record<string, string>) };
}

/** The condition keys of tags that a resource has. */
export function resourceTags(tags: Record<string, string> = {}, ...prefixes: string[]) {
  const keys = ["aws:ResourceTag", ...prefixes];
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => keys.map((prefix) => [`${prefix}/${key}`, value])),
  );
}

/** `{"a":"1"}` of `[{Key: "a", Value: "1"}]`, however the members are written; what is no tag is left out. */
export function tagList(value: unknown): Record<string, string> {
  const pairs = list(value).map((each) => {
    const { Key, key, Value, value: low } = record(each);
    return [text(Key ?? key), text(Value ?? low) ?? ""];
  });
  return Object.fromEntries(pairs.filter(([key]) => key !== undefined)) as Record<string, string>;
}

/** Tags of `Tags.member.1.Key=…&Tags.member.1.Value=…`. */
export function formTags(form: URLSearchParams, name: string): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let n = 1; form.has(`${name}.${n}.Key`); n++)
    tags[form.get(`${name}.${n}.Key`) ?? ""] = form.get(`${name}.${n}.Value`) ?? "";
  return tags;
}
