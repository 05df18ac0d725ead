/** Which stack an operator's command is about, and how the engine is asked about it. */
import { execa, ExecaError } from "execa";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { Fault } from "../../fault.ts";
import { cutOffIn } from "./cut-off.ts";

/** One stack, where it is. */
export interface StackPlace {
  /** Folder with Pulumi.yaml. */
  folder: string;
  /** Name of the stack, as `--stack` takes it. */
  stack: string;
  /** What the engine runs with on top of this process's environment. @default {} */
  env?: Record<string, string>;
  /** How long one question to the engine may take, in milliseconds. @default 60,000: a large state comes from afar */
  patience?: number;
}

/** The engine was asked and has not answered: where the state is kept, perhaps nobody does. */
export class EngineSilent extends Fault {}

const PATIENCE_MILLISECONDS = 60_000;

/** A Pulumi.yaml, as far as it matters here. */
export interface Project {
  name: string;
  /** Where states are kept, if it is not by `pulumi login`. */
  backend?: { url?: string };
  /** Where plugins are, that are not fetched. */
  plugins?: Record<string, { name: string; path: string }[]>;
}

/**
 * The stack meant by a command: the one that is named, else the selected one.
 * @throws Fault when there is no engine, no project or no selected stack
 */
export async function findPlace(named?: string): Promise<StackPlace> {
  // Every flag of the engine has a variable; this one is `--cwd`.
  const folder = process.env.PULUMI_OPTION_CWD ?? process.cwd();
  await readProject({ folder });
  const stack = named ?? process.env.PULUMI_STACK;
  if (stack) return { folder, stack };
  return { folder, stack: await selectedStack({ folder }) };
}

/**
 * Name of the selected stack, also where its state cannot be read for a note that was cut off.
 * @throws Fault when none is selected, or there is no telling which
 */
export async function selectedStack(place: Omit<StackPlace, "stack">): Promise<string> {
  const args = ["stack", "--show-name"];
  try {
    return (await askEngine({ ...place, stack: "" }, args)).trim();
  } catch (reason) {
    const cutOff = cutOffIn((reason as Error).message);
    if (cutOff === undefined) throw reason;
    if (cutOff.stack !== undefined) return cutOff.stack;
    throw new Fault("The selected stack's state cannot be read: the note beside it was cut off.", {
      ran: `pulumi ${args.join(" ")}`,
      mend: "npm run --silent megatests -- recover --stack NAME",
    });
  }
}

/** @throws Fault when there is no project */
export async function readProject({ folder }: Pick<StackPlace, "folder">): Promise<Project> {
  const path = join(folder, "Pulumi.yaml");
  const text = await readFile(path, "utf8").catch(() => {
    throw new Fault("There is no Pulumi project here.", {
      got: folder,
      allowed: "a folder with a Pulumi.yaml",
      mend: "run the command in the project's folder",
    });
  });
  return parse(text) as Project;
}

/**
 * Runs a command of the engine on the stack.
 * @param input its standard input; what is secret goes this way, never among the arguments
 * @returns its standard output
 * @throws EngineSilent where it does not answer in time
 * @throws Fault with the engine's own words
 */
export async function askEngine(
  { folder, stack, env = {}, patience: timeout = PATIENCE_MILLISECONDS }: StackPlace,
  args: string[],
  input = "",
): Promise<string> {
  const all = [...args, ...(stack ? ["--stack", stack] : []), "--non-interactive", "--color", "never"];
  try {
    return (await execa("pulumi", all, { cwd: folder, env, input, timeout })).stdout;
  } catch (error) {
    const ran = `pulumi ${args.join(" ")}`;
    if (!(error instanceof ExecaError && error.timedOut)) throw engineFault(ran, error);
    const backend = (await backendOf(folder, env)) ?? "the one that pulumi login has chosen";
    throw new EngineSilent("The engine does not answer.", {
      ran,
      got: `nothing for ${timeout / 1000} seconds`,
      mend: `look whether the state's backend can be reached: ${backend}`,
    });
  }
}

/** Where states are kept, without the password that its address may have. */
async function backendOf(folder: string, env: Record<string, string>): Promise<string | undefined> {
  const named = env.PULUMI_BACKEND_URL ?? process.env.PULUMI_BACKEND_URL;
  const { backend } = await readProject({ folder }).catch((): Partial<Project> => ({}));
  return (named ?? backend?.url)?.replace(/\/\/[^@/]*@/, "//");
}

function engineFault(ran: string, error: unknown): Error {
  if (!(error instanceof ExecaError)) return error as Error;
  if (error.code === "ENOENT")
    return new Fault("Pulumi's engine is not on PATH.", {
      ran,
      mend: "curl -fsSL https://get.pulumi.com | sh",
    });
  const words = String(error.stderr)
    .replace(/^error: /gm, "")
    .trim();
  return new Fault("The engine refuses.", {
    ran,
    got: words || error.shortMessage,
    mend: /currently (locked|in progress)/.test(words)
      ? "wait for that deployment; if nobody deploys any more: npm run --silent megatests -- recover --nobody-deploys"
      : "put right what it names, then run the same command again",
  });
}
