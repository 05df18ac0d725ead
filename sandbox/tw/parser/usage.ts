/** The usage text of a command, laid out as picocli does with `tw`'s settings, but never wrapped or coloured. */
import { type CommandSpec, type OptionSpec, optionsOf } from "./spec.ts";

/** @param path the command and those it is nested in, the program itself first */
export function usage(path: readonly CommandSpec[]): string {
  const command = path[path.length - 1];
  if (command === undefined) throw new Error("usage() needs at least the program itself.");
  const synopsis = [
    ...path.map(({ name }) => name),
    "[OPTIONS]",
    ...(command.parameters ?? []).map(({ label, required }) => (required ? label : `[${label}]`)),
    ...(command.subcommands ? ["[COMMAND]"] : []),
  ].join(" ");
  const lines = ["", `Usage: ${synopsis}`, "", command.description];
  if (command.parameters) {
    const rows = command.parameters.map(
      ({ label, required, description }) => [`${required ? "*" : " "}     ${label}`, description] as const,
    );
    lines.push("", "Parameters:", ...columns(rows));
  }
  lines.push("", "Options:", ...columns(optionsOf(command).map(optionRow)));
  if (command.subcommands) {
    const rows = command.subcommands.map((one) => {
      const names = [one.name, ...(one.aliases ?? [])].join(", ");
      return [`  ${names}`, one.description] as const;
    });
    lines.push("", "Commands:", ...columns(rows));
  }
  return `${lines.join("\n")}\n`;
}

function optionRow(option: OptionSpec): readonly [string, string] {
  const short = option.names.filter((name) => !name.startsWith("--"));
  const long = option.names.filter((name) => name.startsWith("--")).join(", ");
  const value = option.label === undefined ? "" : `=<${option.label}>`;
  const names = short.length > 0 ? `${short.join(", ")}, ${long}` : `    ${long}`;
  return [`${option.required ? "*" : " "} ${names}${value}`, option.description];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}   ${right}`);
}
