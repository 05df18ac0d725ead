/** What is missing or too much, in picocli's words. */
import { keyOf } from "./convert.ts";
import { type CommandSpec, type OptionSpec, longestName, optionsOf } from "./spec.ts";
import type { Values } from "./values.ts";

/** @throws Error naming every required option and parameter that was not given */
export function checkComplete(command: CommandSpec, values: Values): void {
  const options = optionsOf(command)
    .filter((option) => option.required && !values.has(keyOf(option)))
    .map((option) => `'${longestName(option)}=<${option.label}>'`);
  const parameters = (command.parameters ?? [])
    .slice(values.parameters.length)
    .filter((parameter) => parameter.required)
    .map((parameter) => `'${parameter.label}'`);
  const missing = [...options, ...parameters];
  if (missing.length > 0)
    throw new Error(`Missing required ${kind(options, parameters)}: ${missing.join(", ")}`);
  checkChoices(command, values);
}

function kind(options: string[], parameters: string[]): string {
  if (options.length > 0 && parameters.length > 0) return "options and parameters";
  const word = options.length > 0 ? "option" : "parameter";
  return options.length + parameters.length === 1 ? word : `${word}s`;
}

function checkChoices(command: CommandSpec, values: Values): void {
  const choices = new Map<string, OptionSpec[]>();
  for (const option of command.options ?? []) {
    if (option.oneOf !== undefined) {
      choices.set(option.oneOf, [...(choices.get(option.oneOf) ?? []), option]);
    }
  }
  for (const options of choices.values()) {
    const given = options.filter((option) => values.has(keyOf(option)));
    const shown = options.map((option) => `${option.names[0]}=<${option.label}>`);
    if (given.length === 0) {
      throw new Error(`Error: Missing required argument (specify one of these): (${shown.join(" | ")})`);
    }
    if (given.length > 1) {
      throw new Error(`Error: ${shown.join(", ")} are mutually exclusive (specify only one)`);
    }
  }
}

/** @throws Error naming every argument no option, parameter or subcommand has taken */
export function checkMatched(unmatched: readonly { index: number; arg: string }[]): void {
  const [first] = unmatched;
  if (first === undefined) return;
  const shown = unmatched.map(({ arg }) => `'${arg}'`).join(", ");
  const several = unmatched.length > 1;
  if (first.arg.startsWith("-")) throw new Error(`Unknown option${several ? "s" : ""}: ${shown}`);
  const where = several ? `arguments from index ${first.index}` : `argument at index ${first.index}`;
  throw new Error(`Unmatched ${where}: ${shown}`);
}
