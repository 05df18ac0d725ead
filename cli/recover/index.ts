/** `megatests recover`, as an operator types it. */
import { Command } from "commander";

const ABOUT =
  "Mend what a killed deployment has left: a lock, pending operations, access keys nobody works with";

const MORE = `
What else is not as a good deployment leaves it is named, with what mends it. Safe at any time; a healthy stack is not
changed.
Works in the project's folder, on the selected stack, with the engine's own variables (PULUMI_BACKEND_URL, …).
A lock of a process that runs is never removed. Exit codes: 0 healthy or mended, 1 something is left or you said no, 2 an answer is
needed, 3 the AWS credentials have to be unlocked.

Examples:
  npm run --silent megatests -- recover
  npm run --silent megatests -- recover --stack dev --yes --json
  npm run --silent megatests -- recover --yes --nobody-deploys`;

interface Options {
  stack?: string;
  yes: boolean;
  nobodyDeploys: boolean;
  json: boolean;
}

/** The command. */
export function recoverCommand(): Command {
  return new Command("recover")
    .description(ABOUT)
    .option("--stack <NAME>", "another stack than the selected one")
    .option("--yes", "do it without asking", false)
    .option(
      "--nobody-deploys",
      "you have made sure of it: needed where it cannot be seen, for a lock of another machine, or a state that is kept elsewhere",
      false,
    )
    .option("--json", "print one JSON document on standard output", false)
    .addHelpText("after", MORE)
    .action(async (options: Options) => {
      // Pulumi's SDK takes a second to load: not for a help text.
      const { run } = await import("./run.ts");
      await run(options);
    });
}
