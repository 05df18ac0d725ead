/** `megatests credentials setup`, as an operator types it. */
import { Command, InvalidArgumentError, Option } from "commander";
import { FIELD_SETTINGS } from "./onepassword/kinds.ts";
import type { SetupOptions } from "./run-setup.ts";

const ABOUT = "Set up how you hold the infrastructure's credentials";

const MORE = `
Asks one question at a time, checks each answer at once, and writes down where the credentials are. 1Password: vault,
items and a token, which is encrypted in the stack's config. AWS SSO: a profile in ~/.aws/config, with a sign-in in the
browser; the AWS CLI is not needed.

Each answer can be a flag; without a terminal, every answer must be, and a missing one is exit code 2. A token is never
a flag: --token-file names a file that only you may read (- is standard input), --token-env an environment variable.
The sign-in shows a page and a code; no browser is opened. What stands in ~/.aws/config stays, byte for byte, and a copy
of it is kept. Exit codes: 0 set up, 1 failed, 2 an answer is wrong or needed.

Examples:
  npm run --silent megatests -- credentials setup
  npm run --silent megatests -- credentials setup --how sso --start-url https://d-1234567890.awsapps.com/start \\
    --sso-region eu-west-1 --account 123456789012 --role MegatestsDeployer --profile megatests --use-for-stack
  npm run --silent megatests -- credentials setup --how 1password --onepassword service-account \\
    --token-file ~/op-token --vault Dev --aws-item 'AWS megatests' --seqera-item 'Seqera Platform' \\
    --github-item 'GitHub token'`;

/** The command. */
export function setupCommand(): Command {
  return new Command("setup")
    .description(ABOUT)
    .addOption(new Option("--how <WAY>", "how you hold them").choices(["1password", "sso"]))
    .option("--stack <NAME>", "another stack than the selected one")
    .option(
      "--use-for-stack",
      "let the stack take its AWS credentials from there, if its config leaves that open",
    )
    .option(
      "--replace-sources",
      "offer that also where the config names other sources, which are taken out then",
      false,
    )
    .option(
      "--no-use-for-stack",
      "leave the stack's config alone where the sources of AWS credentials are named",
    )
    .option("--start-url <URL>", "AWS SSO: start URL of the access portal")
    .option("--sso-region <REGION>", "AWS SSO: region that IAM Identity Center is enabled in")
    .option("--session <NAME>", "AWS SSO: name for the sign-in, which profiles share (the portal's)")
    .option("--account <ID>", "AWS SSO: account, by its 12 digits")
    .option("--role <NAME>", "AWS SSO: role")
    .option("--region <REGION>", "AWS SSO: region to work in (the one of --sso-region)")
    .option("--profile <NAME>", "AWS SSO: name for the profile (megatests)")
    .addOption(
      new Option("--onepassword <WAY>", "1Password: how it is reached").choices([
        "service-account",
        "connect",
      ]),
    )
    .option("--connect-host <URL>", "1Password: address of the Connect server")
    .option("--token-file <FILE>", "1Password: file with the token; - is standard input")
    .option("--token-env <NAME>", "1Password: environment variable with the token")
    .option("--vault <NAME>", "1Password: vault")
    .option("--aws-item <TITLE>", "1Password: item with the AWS access key")
    .option("--seqera-item <TITLE>", "1Password: item with the Seqera Platform token")
    .option("--github-item <TITLE>", "1Password: item with the GitHub token")
    .addOption(
      new Option(
        "--field <SETTING=LABEL>",
        "1Password: field of an item, e.g. seqeraTokenFields=token; may be repeated",
      )
        .argParser(collectField)
        .default({}, "as the config names them"),
    )
    .addHelpText("after", MORE)
    .action(async (options: SetupOptions) => {
      // AWS's and Pulumi's SDKs take a second to load: not for a help text.
      const { runSetup } = await import("./run-setup.ts");
      await runSetup(options);
    });
}

function collectField(value: string, before: Record<string, string>): Record<string, string> {
  const [setting = "", label = ""] = value.split(/=(.*)/s);
  if (!FIELD_SETTINGS.some((each) => each === setting) || label.trim() === "")
    throw new InvalidArgumentError(
      `SETTING=LABEL is wanted, with a setting of ${FIELD_SETTINGS.join(", ")}.`,
    );
  return { ...before, [setting]: label };
}
