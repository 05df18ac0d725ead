/** Values checked and stored as picocli converts them. */
import type { OptionSpec } from "./spec.ts";
import { longestName } from "./spec.ts";
import type { Values } from "./values.ts";

/** The key an option has in `Values`. */
export function keyOf(option: OptionSpec): string {
  return longestName(option).replace(/^-+/, "");
}

/** The option as picocli's errors name it: `option '--name' (<name>)`. */
export function described(option: OptionSpec): string {
  return `option '${longestName(option)}' (<${option.label ?? keyOf(option)}>)`;
}

/**
 * Stores one occurrence of an option.
 * @throws Error with picocli's text, when the value does not fit or the option was given before
 */
export function store(values: Values, option: OptionSpec, value: string | boolean): void {
  const key = keyOf(option);
  if (option.split || option.repeated) {
    const more = option.split ? String(value).split(",") : [String(value)];
    values.set(key, [...(values.list(key) ?? []), ...more]);
    return;
  }
  if (values.has(key)) throw new Error(`${described(option)} should be specified only once`);
  values.set(key, option.label === undefined ? toFlag(option, value) : checked(option, String(value)));
}

function toFlag(option: OptionSpec, value: string | boolean): boolean {
  if (typeof value === "boolean") return value;
  const word = value.toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  throw new Error(`Invalid value for ${described(option)}: '${value}' is not a boolean`);
}

function checked(option: OptionSpec, value: string): string {
  if (option.type === "int" && !/^[+-]?\d+$/.test(value)) {
    throw new Error(`Invalid value for ${described(option)}: '${value}' is not an int`);
  }
  if (typeof option.type === "object" && !option.type.includes(value)) {
    const allowed = option.type.join(", ");
    throw new Error(
      `Invalid value for ${described(option)}: expected one of [${allowed}] (case-sensitive) but was '${value}'`,
    );
  }
  return value;
}
