/** Parts of requests: forms and JSON, of which nothing is known but what the service's own checks will say. */
import { Unreadable } from "./reading.ts";

/** `a`, `b` of `Names.member.1=a&Names.member.2=b`. */
export function members(form: URLSearchParams, name: string): string[] {
  const found: string[] = [];
  for (let n = 1; form.has(`${name}.${n}`); n++) found.push(form.get(`${name}.${n}`) ?? "");
  return found;
}

/** A text of JSON, if it is one. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A text that the request cannot do without. @throws Unreadable */
export function need(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Unreadable(`it has no ${name}`);
}

/** A list of JSON; nothing where it is none. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list of JSON. */
export function texts(value: unknown): string[] {
  return list(value).filter((each) => typeof each === "string");
}

/** An object of JSON; an empty one where it is none. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
