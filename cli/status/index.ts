/** `megatests status`, as an operator types it. */
import { enableCompileCache } from "node:module";
import { Command, InvalidArgumentError, Option } from "commander";
import { compileCache } from "../../sandbox/environment.ts";

const ABOUT = "Show what a deployment has made as it is now, and whether all of it agrees";

const MORE = `
User and access key (or role), policies and other rights, credentials, compute environments, what GitHub publishes, the last deployment: asked of the
services, and held against the state and the program. It reads, and changes nothing. Works in the project's folder, on
the selected stack. Exit codes: 0 all agrees, 1 something does not (with --watch: at the last look), 2 there are no AWS
credentials, 3 they have to be unlocked.

Examples:
  npm run --silent megatests -- status
  npm run --silent megatests -- status --watch 30
  npm run --silent megatests -- status --json | jq '.parts["access key"]'`;

/** 1Password is not asked again, the other services bear it. */
const SHORTEST = 2;
const EVERY = 10;

interface Options {
  stack?: string;
  json: boolean;
  watch?: number;
}

/** The command. */
export function statusCommand(): Command {
  return new Command("status")
    .description(ABOUT)
    .option("--stack <NAME>", "another stack than the selected one")
    .addOption(
      new Option("--watch [SECONDS]", `look again and again, until Ctrl-C (every ${EVERY} seconds)`)
        .argParser(secondsOf)
        .preset(String(EVERY)),
    )
    .option("--json", "print one JSON document on standard output; with --watch, one a line", false)
    .addHelpText("after", MORE)
    .action(async (options: Options) => {
      // Pulumi's SDK takes a second to load: not for a help text.
      enableCompileCache(compileCache());
      const { run } = await import("./run.ts");
      await run(options);
    });
}

function secondsOf(value: string): number {
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds >= SHORTEST) return seconds;
  throw new InvalidArgumentError(`A number of seconds, ${SHORTEST} or more, is wanted.`);
}
