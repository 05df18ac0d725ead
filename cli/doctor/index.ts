/** `megatests doctor`, as an operator types it. */
import { enableCompileCache } from "node:module";
import { Command } from "commander";
import { compileCache } from "../../sandbox/environment.ts";

const ABOUT = "Check everything that a deployment needs, and name what mends what is missing";

const MORE = `
Works in the project's folder, on the selected stack, with the engine's own variables (PULUMI_BACKEND_URL, …). It reads,
and changes nothing. A row that cannot be checked, because another one fails, is "n/a": it is not passed.
--fix does what is safe and nothing else: it installs the engine's provider plugins at the pinned versions, and makes
.venv with seqerakit in it. It changes no stack, no account and no shell.
Exit codes: 0 nothing fails, 1 something does, 3 nothing but credentials that "credentials unlock" opens.

Examples:
  npm run --silent megatests -- doctor
  npm run --silent megatests -- doctor --stack dev --fix
  npm run --silent megatests -- doctor --json | jq -r '.rows[] | select(.state == "fail") | .mend'`;

interface Options {
  stack?: string;
  fix: boolean;
  json: boolean;
}

/** The command. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(ABOUT)
    .option("--stack <NAME>", "another stack than the selected one")
    .option("--fix", "do what is safe, then check again", false)
    .option("--json", "print one JSON document on standard output", false)
    .addHelpText("after", MORE)
    .action(async (options: Options) => {
      // Pulumi's SDK takes a second to load: not for a help text.
      enableCompileCache(compileCache());
      const { run } = await import("./run.ts");
      await run(options);
    });
}
