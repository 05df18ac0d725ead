/**
 * What a command takes, as data: the parser, the usage text and the error texts are all made from it. An own small
 * parser, because `tw` is a picocli program and scripts depend on picocli's ways: `@file` arguments, `-n=value`,
 * `--flag=false`, every missing option in one message, global options only before the subcommand, exit code 2.
 * Commander has none of these and its error texts differ.
 */
import type { Values } from "./values.ts";
import type { Result, Session } from "../session.ts";

/** One option. Its key in `Values` is its longest name without the dashes. */
export interface OptionSpec {
  /** All names with their dashes, short ones first. */
  names: readonly string[];
  /** Name of the value as usage and errors show it. @default none: the option is a flag */
  label?: string;
  description: string;
  /** @default false */
  required?: boolean;
  /** A whole number, or one of these words. @default any text */
  type?: "int" | readonly string[];
  /** The value is a list separated by commas, and the option may be repeated. @default false */
  split?: boolean;
  /** The option may be repeated; each value is kept whole. @default false */
  repeated?: boolean;
  /** Environment variable read when the option is not given; an empty one counts as given. @default none */
  variable?: string;
  /** Exactly one of the options with the same mark has to be given. @default none */
  oneOf?: string;
}

/** A positional argument. */
export interface ParameterSpec {
  label: string;
  required: boolean;
  description: string;
}

/** A command: either it runs, or it has subcommands. */
export interface CommandSpec {
  name: string;
  aliases?: readonly string[];
  description: string;
  options?: readonly OptionSpec[];
  parameters?: readonly ParameterSpec[];
  subcommands?: readonly CommandSpec[];
  /** Said when no subcommand was given. @default nothing but the usage */
  missingSubcommand?: string;
  run?: (session: Session, values: Values) => Promise<Result>;
}

/** Every command has these two (picocli's standard help options). */
export const STANDARD_OPTIONS: readonly OptionSpec[] = [
  { names: ["-h", "--help"], description: "Show this help message and exit." },
  { names: ["-V", "--version"], description: "Print version information and exit." },
];

/** All options of a command, the standard ones last. */
export function optionsOf(command: CommandSpec): readonly OptionSpec[] {
  return [...(command.options ?? []), ...STANDARD_OPTIONS];
}

/** The longest name, by which picocli's errors speak of an option. */
export function longestName(option: OptionSpec): string {
  return option.names.reduce((longest, name) => (name.length > longest.length ? name : longest));
}
