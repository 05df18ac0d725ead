/** Property values as they cross between the engine and a plugin: plain JSON with marks for "unknown" and "secret". */
import { isDeepStrictEqual } from "node:util";

/** Named property values of a resource, a function or a provider. */
export type Props = Record<string, unknown>;

/** What stands for a value that is not known before the deployment (`pulumi` protocol constant). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Marks `value` so that the engine encrypts it in the state and masks it in what it prints. */
export function secret(value: unknown): Props {
  return { [SIGNATURE]: SECRET_SIGNATURE, value };
}

/** @returns `value` without secret marks at any depth and without members that are undefined or null */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value ?? undefined;
  const record = value as Props;
  if (record[SIGNATURE] === SECRET_SIGNATURE) return plain(record.value);
  const entries = Object.entries(record).map(([key, member]) => [key, plain(member)] as const);
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
}

/** Whether any part of `value` is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(hasUnknown);
}

/** Whether Terraform would not tell `value` from an argument that was never written. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Equality as Terraform's SDK sees it: an empty value and an absent one are the same. */
export function sameValue(one: unknown, other: unknown): boolean {
  return (isEmpty(one) && isEmpty(other)) || isDeepStrictEqual(one, other);
}

/** @returns the text under `key`, or undefined where it is absent or no text */
export function text(props: Props, key: string): string | undefined {
  const value = props[key];
  return typeof value === "string" ? value : undefined;
}

/**
 * @returns the text under `key`
 * @throws when it is absent: `check` has let a resource pass that it should not have
 */
export function need(props: Props, key: string): string {
  const value = text(props, key);
  if (value === undefined) throw new Error(`property "${key}" is missing: give it a text`);
  return value;
}
