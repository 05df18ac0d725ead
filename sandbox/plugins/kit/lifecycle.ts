/** Check, diff, preview and import, derived from a resource's schema in the way the Terraform bridge does it. */
import { randomBytes } from "node:crypto";
import type { ResourceType } from "./resource.ts";
import { hasUnknown, isEmpty, sameValue, secret, UNKNOWN, type Props } from "./values.ts";

/** One reason why arguments are refused. */
export interface Failure {
  property: string;
  reason: string;
}

/** What changes, by property path. */
export type Changes = Record<string, { kind: "add" | "delete" | "update"; replaces: boolean }>;

type Type = ResourceType<never>;

/**
 * Fills in defaults and generated names and refuses what the real provider would refuse.
 * Run twice on a replacement: a generated name is taken from `olds` only where those are given.
 */
export function check(
  type: Type,
  name: string,
  olds: Props,
  news: Props,
): { inputs: Props; failures: Failure[] } {
  const inputs: Props = {};
  const failures: Failure[] = [];
  for (const [key, value] of Object.entries(news)) {
    const property = type.properties[key];
    if (!property) failures.push({ property: key, reason: `not managed by this stand-in of the sandbox` });
    else inputs[key] = hasUnknown(value) || !property.normalize ? value : property.normalize(value);
  }
  for (const [key, property] of Object.entries(type.properties)) {
    if (inputs[key] === undefined && property.default !== undefined) inputs[key] = property.default;
    const value = inputs[key];
    if (property.required && value === undefined)
      failures.push({ property: key, reason: `Missing required argument: "${key}" has no value` });
    if (property.oneOf && typeof value === "string" && value !== UNKNOWN && !property.oneOf.includes(value))
      failures.push({
        property: key,
        reason: `expected ${key} to be one of ${property.oneOf.join(", ")}, got ${value}`,
      });
  }
  if (type.autoname && inputs[type.autoname] === undefined && inputs[`${type.autoname}Prefix`] === undefined)
    inputs[type.autoname] = olds[type.autoname] ?? `${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
  for (const [property, reason] of Object.entries(type.validate?.(inputs) ?? {}))
    failures.push({ property, reason });
  return { inputs, failures };
}

/** Compares the recorded outputs with the arguments wanted; `ignored` are the paths of the `ignoreChanges` option. */
export function diff<S>(
  type: ResourceType<S>,
  session: S,
  olds: Props,
  news: Props,
  ignored: string[],
): Changes {
  const changes: Changes = {};
  const note = (path: string, one: unknown, other: unknown, replaces: boolean): void => {
    if (ignored.includes(path) || ignored.includes(rootOf(path))) return;
    const kind = isEmpty(one) ? "add" : isEmpty(other) ? "delete" : "update";
    changes[path] = { kind, replaces };
  };
  for (const [key, property] of Object.entries(type.properties)) {
    const [one, other] = [olds[key], news[key]];
    if (other === undefined && property.computed) continue;
    if (hasUnknown(other)) note(key, one, other, property.replaces === true);
    else if (!(property.same ?? sameValue)(one, other))
      for (const [path, was, is] of changedParts(key, one, other))
        note(path, was, is, property.replaces === true);
  }
  for (const [key, value] of Object.entries(type.planned?.(session, news) ?? {}))
    if (hasUnknown(value) || !sameValue(olds[key], value)) note(key, olds[key], value, false);
  for (const key of type.drifted?.(olds) ?? []) note(key, olds[key], UNKNOWN, false);
  return changes;
}

/** A map's change is told key by key, so that `tags.Name` can be ignored; anything else as a whole. */
function changedParts(
  key: string,
  one: unknown,
  other: unknown,
): [path: string, one: unknown, other: unknown][] {
  const isMap = (value: unknown): value is Props =>
    value !== null && typeof value === "object" && !Array.isArray(value);
  if (!isMap(one) || !isMap(other)) return [[key, one, other]];
  const members = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const step = (member: string): string =>
    /^\w+$/.test(member) ? `.${member}` : `[${JSON.stringify(member)}]`;
  return members
    .filter((member) => !sameValue(one[member], other[member]))
    .map((member) => [`${key}${step(member)}`, one[member], other[member]]);
}

/** @returns the property a path begins with: `tags` of `tags.team` and of `tags["a.b"]` */
export function rootOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

/** The outputs a preview shows: what follows from the arguments, the rest unknown. */
export function preview<S>(type: ResourceType<S>, session: S, olds: Props | undefined, news: Props): Props {
  const unknown = olds ? (type.volatile ?? []) : undecided(type, news);
  return {
    ...olds,
    ...Object.fromEntries(
      Object.keys(type.properties).map((key) => [key, news[key] ?? kept(type, key, olds)]),
    ),
    ...Object.fromEntries(unknown.map((key) => [key, UNKNOWN])),
    ...type.planned?.(session, news),
  };
}

/** On creation everything the program does not decide is unknown. */
function undecided<S>(type: ResourceType<S>, news: Props): string[] {
  const left = Object.entries(type.properties).filter(
    ([key, { computed }]) => computed && news[key] === undefined,
  );
  return [...type.computed, ...left.map(([key]) => key)];
}

function kept<S>(type: ResourceType<S>, key: string, olds: Props | undefined): unknown {
  return type.properties[key]?.computed ? olds?.[key] : undefined;
}

/** Arguments that would give `outs`: those given before, brought up to date, or on an import all that are not empty. */
export function inputsOf(type: Type, outs: Props, before: Props): Props {
  const isImport = Object.keys(before).length === 0;
  const inputs: Props = {};
  for (const [key, property] of Object.entries(type.properties)) {
    const same = property.same ?? sameValue;
    if (!isImport && before[key] === undefined) continue;
    if (before[key] !== undefined && same(before[key], outs[key])) inputs[key] = before[key];
    else if (!isEmpty(outs[key])) inputs[key] = outs[key];
  }
  return inputs;
}

/** Marks the outputs that are always secret. */
export function sealed(type: Type, outs: Props): Props {
  const marked = (type.secrets ?? []).filter((key) => outs[key] !== undefined && outs[key] !== UNKNOWN);
  return { ...outs, ...Object.fromEntries(marked.map((key) => [key, secret(outs[key])])) };
}
