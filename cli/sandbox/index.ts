/** `megatests sandbox`: the commands and their options, in words. */
import { enableCompileCache } from "node:module";
import { Command, InvalidArgumentError, Option } from "commander";
import { parsePlugin, WrongArgument } from "../../sandbox/parts.ts";
import { compileCache, type PluginName } from "../../sandbox/environment.ts";
import { makeProgress } from "../progress.ts";
import type { Outcome } from "./commands.ts";
import { collectFault, parseKill } from "./faults.ts";
import type { SandboxOptions } from "./session.ts";

/** Loaded when one runs: the engine's SDK takes a second, and `--help` has no use for it. */
const load = () => {
  enableCompileCache(compileCache());
  return import("./commands.ts");
};

const ABOUT = "Run the whole deployment on this machine, with no accounts";

const EXAMPLES = `
The real engine and the real program, against imitations of AWS, Seqera Platform, 1Password and GitHub. No accounts are
needed, and none are touched.

Examples:
  npm run sandbox                               deploy; once more: renew the access key
  npm run sandbox -- preview                    what a deployment would do
  npm run --silent sandbox -- up --json         one JSON document on standard output
  eval "$(npm run --silent sandbox -- up --keep)"   services stay; then: pulumi up --yes, tw --insecure info, …
  npm run sandbox -- up --tw ~/bin/tw --plugin github=~/bin/pulumi-resource-github
  npm run sandbox -- destroy                    remove what was deployed
  npm run sandbox -- reset                      forget everything`;

const UP_MORE = `
Services that this command has started are stopped at its end, unless --keep is given; what they hold is saved.
With --keep, faults that have not hit wait for one's own commands.

A fault's RULE: service (aws, platform, onepassword, github, sso; any for the deployment's calls at all of them), method and
path (a regular expression) of the calls it is for, skip (how many of them pass first), times (how many it hits, 1),
kind: status (with status, retryAfterSeconds), delay (milliseconds), drop-before, drop-after, hang (milliseconds until
the connection is closed), signal-before, signal-after (SIGKILL to the process group pid, or to the engine's).
A path of AWS is SERVICE:ACTION, for instance iam:CreateAccessKey.

Examples:
  npm run sandbox -- up --new-key-seconds 10 --env-seconds 5
  npm run --silent sandbox -- up --json | jq .platform.computeEnvs
  npm run sandbox -- up --fault '{"service":"aws","path":"^iam:CreateAccessKey$","kind":"drop-after"}'
  npm run sandbox -- up --kill-engine-at 15:after`;

/** The command with all of its own commands. */
export function sandboxCommand(): Command {
  const sandbox = new Command("sandbox").description(ABOUT).addHelpText("after", EXAMPLES);
  deploying(sandbox, "up", "deploy, verify by asking the services, and show what there is", {
    isDefault: true,
  })
    .addOption(
      new Option("--fault <RULE>", "what goes wrong at a service, as JSON; may be repeated")
        .argParser(collectFault)
        .default([], "none"),
    )
    .addOption(
      new Option(
        "--kill-engine-at <N[:after]>",
        "kill the engine at the deployment's N-th call, before the call is handled or after it took effect",
      ).argParser(parseKill),
    )
    .addHelpText("after", UP_MORE);
  deploying(sandbox, "preview", "show what a deployment would change").addHelpText(
    "after",
    "\nExample:\n  npm run sandbox -- preview",
  );
  deploying(sandbox, "destroy", "remove all that was deployed, except the protected bucket").addHelpText(
    "after",
    "\nExample:\n  npm run sandbox -- destroy",
  );
  plain(sandbox, "status", "show what the running services hold");
  plain(sandbox, "down", "stop the services that --keep has left running; their state is saved");
  plain(sandbox, "reset", "stop the services and remove all state");
  return sandbox;
}

function deploying(
  parent: Command,
  name: "up" | "preview" | "destroy",
  description: string,
  settings: { isDefault?: boolean } = {},
): Command {
  return parent
    .command(name, settings)
    .description(description)
    .option("--json", "print one JSON document on standard output", false)
    .option("--keep", "leave the services running and print the environment for one's own commands", false)
    .addOption(
      new Option(
        "--plugin <NAME=PATH>",
        "a real plugin (aws, command, github, onepassword): executable or folder; may be repeated",
      )
        .argParser(collectPlugin)
        .default({}, "stand-ins"),
    )
    .option("--tw <PATH>", "a real tw")
    .option("--real", "fetch and use the real plugins and tw, except those that are named", false)
    .option("--new-key-seconds <N>", "how long AWS does not know a new access key (2 at first)", secondsOf)
    .option("--env-seconds <N>", "how long a compute environment takes to be made (1 at first)", secondsOf)
    .action(async (options: SandboxOptions) => {
      const commands = await load();
      print(await commands[name](options, makeProgress()), options);
    });
}

function plain(parent: Command, name: "status" | "down" | "reset", description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option("--json", "print one JSON document on standard output", false)
    .addHelpText("after", `\nExample:\n  npm run sandbox -- ${name}`)
    .action(async (options: { json: boolean }) => {
      const commands = await load();
      print(await commands[name](), options);
    });
}

function print({ document, text, shell }: Outcome, { json }: { json: boolean }): void {
  if (json) process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  else if (shell) {
    process.stderr.write(`${text}\n`);
    process.stdout.write(`${shell.join("\n")}\n`);
  } else process.stdout.write(`${text}\n`);
}

function collectPlugin(
  value: string,
  before: Partial<Record<PluginName, string>>,
): Partial<Record<PluginName, string>> {
  try {
    const [name, path] = parsePlugin(value);
    return { ...before, [name]: path };
  } catch (error) {
    if (error instanceof WrongArgument) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function secondsOf(value: string): number {
  const seconds = Number(value);
  if (value.trim() === "" || !Number.isFinite(seconds) || seconds < 0)
    throw new InvalidArgumentError("A number of seconds, 0 or more, is wanted.");
  return seconds;
}
