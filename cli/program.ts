/** All commands of `megatests`. */
import tab from "@bomb.sh/tab/commander";
import { Command } from "commander";
import { describeCompletion } from "./completion.ts";
import { credentialsCommand } from "./credentials/index.ts";
import { doctorCommand } from "./doctor/index.ts";
import { recoverCommand } from "./recover/index.ts";
import { sandboxCommand } from "./sandbox/index.ts";
import { statusCommand } from "./status/index.ts";

const MORE = `
In a clone, "npx --no -- megatests" and "npm run --silent megatests --" are the same. Exit codes of all commands: 0 good,
1 failed, 2 wrong use or input needed, 3 unlock required.

Examples:
  npm run --silent megatests -- doctor             is everything there that a deployment needs?
  npm run --silent megatests -- status             is everything as the last deployment left it?
  npm run --silent megatests -- credentials setup  say where the AWS credentials come from
  npm run --silent megatests -- recover            mend what a killed deployment has left
  npm run sandbox                                  the whole deployment on this machine, with no accounts
  npm run --silent megatests -- doctor --help`;

/** The command line; what is typed wrong, and help that was shown, it throws as a CommanderError. */
export function megatests(): Command {
  const program = new Command("megatests")
    .description("Commands around the AWSMegatests deployment")
    .showHelpAfterError("(--help says more)")
    .addHelpText("after", MORE)
    .exitOverride()
    .addCommand(doctorCommand())
    .addCommand(statusCommand())
    .addCommand(credentialsCommand())
    .addCommand(recoverCommand())
    .addCommand(sandboxCommand());
  // The commands of completion take their settings from the program, and look at all commands that are there.
  tab(program);
  describeCompletion(program);
  leaveTheEndToUs(program);
  return program;
}

function leaveTheEndToUs(command: Command): void {
  command.exitOverride();
  command.commands.forEach(leaveTheEndToUs);
}
