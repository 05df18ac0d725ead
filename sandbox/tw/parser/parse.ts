/** Arguments to a command and its values, by picocli's rules. */
import { UsageError } from "../errors.ts";
import { keyOf, described, store } from "./convert.ts";
import { type CommandSpec, type OptionSpec, optionsOf } from "./spec.ts";
import { checkComplete, checkMatched } from "./validate.ts";
import { Values } from "./values.ts";

/** What the arguments ask for. */
export interface Invocation {
  /** The command and those it is nested in, the program itself first. */
  path: CommandSpec[];
  /** Values of the program itself: the global options. */
  globals: Values;
  /** Values of the last command of the path. */
  values: Values;
  /** Help or the version was asked for, so nothing else is checked or run. */
  asks?: "help" | "version";
}

/**
 * Parses expanded arguments.
 * @param env where options with a variable find their default
 * @throws UsageError with picocli's text
 */
export function parse(program: CommandSpec, args: readonly string[], env: NodeJS.ProcessEnv): Invocation {
  const path = [program];
  const globals = new Values();
  let values = globals;
  let command = program;
  let onlyParameters = false;
  const unmatched: { index: number; arg: string }[] = [];
  const queue = [...args];

  /** Takes an option from the queue; a cluster of flags is put back without its first. */
  const take = (arg: string): boolean => {
    const hit = match(command, arg);
    if (hit === undefined) return false;
    const { option, attached, cluster } = hit;
    if (cluster !== undefined) queue.unshift(cluster);
    store(values, option, option.label === undefined ? (attached ?? true) : (attached ?? next(option)));
    return true;
  };
  const next = (option: OptionSpec): string => {
    const value = queue.shift();
    if (value === undefined) throw new Error(`Missing required parameter for ${described(option)}`);
    if (match(command, value)) {
      throw new Error(
        `Expected parameter for ${described(option).replace(/ \(.*/, "")} but found '${value}'`,
      );
    }
    return value;
  };

  try {
    for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
      const index = args.length - queue.length - 1;
      const word = arg;
      const inner = onlyParameters ? undefined : command.subcommands?.find((one) => isCalled(one, word));
      if (inner !== undefined) {
        addDefaults(command, values, env);
        command = inner;
        path.push(inner);
        values = new Values();
      } else if (!onlyParameters && arg === "--") onlyParameters = true;
      else if (!onlyParameters && take(arg)) continue;
      else if (
        !looksLikeOption(arg, onlyParameters) &&
        values.parameters.length < (command.parameters ?? []).length
      )
        values.parameters.push(arg);
      else unmatched.push({ index, arg });
    }
    addDefaults(command, values, env);
    if (values.flag("help")) return { path, globals, values, asks: "help" };
    if (values.flag("version")) return { path, globals, values, asks: "version" };
    checkComplete(command, values);
    checkMatched(unmatched);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), path);
  }
  return { path, globals, values };
}

interface Match {
  option: OptionSpec;
  /** Value in the same argument. */
  attached?: string;
  /** What is left of `-abc` after its first flag. */
  cluster?: string;
}

/** The option an argument is: `--name`, `--name=value`, `-n`, `-nvalue`, `-n=value` or a cluster of short flags. */
function match(command: CommandSpec, arg: string): Match | undefined {
  const options = optionsOf(command);
  const named = (name: string) => options.find((one) => one.names.includes(name));
  const whole = named(arg);
  if (whole !== undefined) return { option: whole };
  const equals = arg.indexOf("=");
  const before = equals > 0 ? named(arg.slice(0, equals)) : undefined;
  if (before !== undefined) return { option: before, attached: arg.slice(equals + 1) };
  if (!/^-[^-]./.test(arg)) return undefined;
  const short = named(arg.slice(0, 2));
  if (short === undefined) return undefined;
  if (short.label !== undefined) return { option: short, attached: arg.slice(2) };
  return named(`-${arg.charAt(2)}`) === undefined
    ? undefined
    : { option: short, cluster: `-${arg.slice(2)}` };
}

function isCalled(command: CommandSpec, word: string): boolean {
  return command.name === word || (command.aliases ?? []).includes(word);
}

function looksLikeOption(arg: string, onlyParameters: boolean): boolean {
  return !onlyParameters && arg.length > 1 && arg.startsWith("-");
}

function addDefaults(command: CommandSpec, values: Values, env: NodeJS.ProcessEnv): void {
  for (const option of command.options ?? []) {
    const value = option.variable === undefined ? undefined : env[option.variable];
    if (value !== undefined && !values.has(keyOf(option))) store(values, option, value);
  }
}
