/** `megatests credentials`: the commands and their options, in words. */
import { Command } from "commander";
import { setupCommand } from "./setup.ts";
import { unlockCommand } from "./unlock.ts";

const ABOUT = "Where the infrastructure's AWS credentials come from: look, set up, unlock, clear";

const MORE = `
Examples:
  npm run --silent megatests -- credentials status
  npm run --silent megatests -- credentials setup
  npm run --silent megatests -- credentials unlock`;

const STATUS_MORE = `
Each source that the stack's config names (AWSMegatests:awsCredentialSources), in its order: who it is in AWS, how well it
protects, when it ends. Asks AWS; never signs in. Exit codes: 0 the first source that is there works, 1 it does not,
2 none is there, 3 it has to be unlocked.

Examples:
  npm run --silent megatests -- credentials status
  npm run --silent megatests -- credentials status --stack dev --json`;

const CLEAR_MORE = `
Removes the sessions of AWS SSO that the stack's sources use from ~/.aws/sso/cache (the AWS CLI shares them), and what
"credentials status" has remembered. Config, profiles and 1Password stay; AWS itself ends a session at its time.

Examples:
  npm run --silent megatests -- credentials clear
  npm run --silent megatests -- credentials clear --yes`;

interface Options {
  stack?: string;
  json: boolean;
  yes: boolean;
}

/** The command. */
export function credentialsCommand(): Command {
  return new Command("credentials")
    .description(ABOUT)
    .addHelpText("after", MORE)
    .addCommand(setupCommand())
    .addCommand(unlockCommand())
    .addCommand(
      new Command("status")
        .description("Check each source that the config names")
        .option("--stack <NAME>", "another stack than the selected one")
        .option("--json", "print one JSON document on standard output", false)
        .addHelpText("after", STATUS_MORE)
        .action(async (options: Options) => {
          // Pulumi's SDK takes a second to load: not for a help text.
          const { status } = await import("./status.ts");
          await status(options);
        }),
    )
    .addCommand(
      new Command("clear")
        .description("Remove what sign-ins and checks have left on this machine")
        .option("--stack <NAME>", "another stack than the selected one")
        .option("--yes", "do it without asking", false)
        .addHelpText("after", CLEAR_MORE)
        .action(async (options: Options) => {
          const { clear } = await import("./clear.ts");
          await clear(options);
        }),
    );
}
