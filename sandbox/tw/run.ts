/** One run: arguments in, output and exit code out. */
import { ApiError, ConnectionError, TowerError, UsageError, errorText } from "./errors.ts";
import { prettyJson } from "./output.ts";
import { expandAtFiles } from "./parser/at-files.ts";
import { type Invocation, parse } from "./parser/parse.ts";
import { usage } from "./parser/usage.ts";
import { PlatformApi, VERSION } from "./platform-api.ts";
import { DEFAULT_URL, PROGRAM } from "./program.ts";
import type { GlobalOptions, Session } from "./session.ts";
import { Workspaces } from "./workspace.ts";

/** Where text goes. */
export interface Streams {
  out: (text: string) => void;
  err: (text: string) => void;
}

/** @returns the exit code: 0; 1 any error; 2 wrong usage; 255 without a command */
export async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  streams: Streams,
): Promise<number> {
  try {
    return await execute(parse(PROGRAM, expandAtFiles(args), env), streams);
  } catch (error) {
    if (error instanceof UsageError) {
      streams.err(`${error.message}\n${usage(error.path)}`);
      return 2;
    }
    const known =
      error instanceof TowerError || error instanceof ApiError || error instanceof ConnectionError;
    // The real program prints a Java stack trace for what it did not foresee, without ` ERROR: `.
    streams.err(known ? `\n ERROR: ${errorText(error)}\n\n` : `${errorText(error)}\n`);
    return 1;
  }
}

async function execute({ path, globals, values, asks }: Invocation, { out, err }: Streams): Promise<number> {
  const command = path[path.length - 1] ?? PROGRAM;
  if (asks === "help") {
    out(usage(path));
    return 0;
  }
  if (asks === "version") {
    out(`Tower CLI version ${VERSION} (build stand-in)\n`);
    return 0;
  }
  if (command.run === undefined) {
    err(`${command.missingSubcommand ? `\nERROR: ${command.missingSubcommand}\n` : ""}${usage(path)}`);
    return command === PROGRAM ? 255 : 1;
  }
  const options: GlobalOptions = {
    token: globals.text("access-token"),
    url: globals.text("url") ?? DEFAULT_URL,
    json: globals.text("output") === "json",
    verbose: globals.flag("verbose"),
    insecure: globals.flag("insecure"),
  };
  const api = new PlatformApi(options, err);
  const session: Session = { options, api, workspaces: new Workspaces(api), print: out };
  const result = await command.run(session, values);
  out(options.json ? `${prettyJson(result.json)}\n` : result.text);
  const exitCode = result.exitCode ?? 0;
  return exitCode === 0 && result.afterwards ? result.afterwards() : exitCode;
}
