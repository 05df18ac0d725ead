/** Which stack an operator's command is about, and how the engine is asked about it. */
import { execa, ExecaError } from "execa";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { Fault } from "../../seqerakit/index.ts";

/** One stack, where it is. */
export interface StackPlace {
  /** Folder with Pulumi.yaml. */
  folder: string;
  /** Name of the stack, as `--stack` takes it. */
  stack: string;
  /** What the engine runs with on top of this process's environment. @default {} */
  env?: Record<string, string>;
}

/** A Pulumi.yaml, as far as it matters here. */
export interface Project {
  name: string;
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
  const selected = await askEngine({ folder, stack: "" }, ["stack", "--show-name"]);
  return { folder, stack: selected.trim() };
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
 * @throws Fault with the engine's own words
 */
export async function askEngine(
  { folder, stack, env = {} }: StackPlace,
  args: string[],
  input = "",
): Promise<string> {
  const all = [...args, ...(stack ? ["--stack", stack] : []), "--non-interactive", "--color", "never"];
  try {
    return (await execa("pulumi", all, { cwd: folder, env, input })).stdout;
  } catch (error) {
    throw engineFault(`pulumi ${args.join(" ")}`, error);
  }
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
