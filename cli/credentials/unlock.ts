/** `megatests credentials unlock`, as an operator types it. */
import { Command } from "commander";
import type { UnlockOptions } from "./run-unlock.ts";

const ABOUT = "Sign in to what the stack takes its AWS credentials from";

const MORE = `
For AWS SSO, where the sign-in has ended. This command and "credentials setup" are the only ones that sign in; every
other one stops with exit code 3 instead.

A sign-in that can be renewed is renewed; otherwise a page and a code are shown, to be opened and allowed in a browser.
No browser is opened, and Ctrl-C ends the waiting. Exit codes: 0 open, or there is nothing to unlock; 1 failed.

Examples:
  npm run --silent megatests -- credentials unlock
  npm run --silent megatests -- credentials unlock --stack dev
  npm run --silent megatests -- credentials unlock --profile megatests`;

/** The command. */
export function unlockCommand(): Command {
  return new Command("unlock")
    .description(ABOUT)
    .option("--stack <NAME>", "another stack than the selected one")
    .option("--profile <NAME>", "a profile of AWS SSO, whatever the stack's config says")
    .addHelpText("after", MORE)
    .action(async (options: UnlockOptions) => {
      // AWS's SDK takes a second to load: not for a help text.
      const { runUnlock } = await import("./run-unlock.ts");
      await runUnlock(options);
    });
}
