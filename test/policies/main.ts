/** `npm run policies`: the policies in numbers, what they allow and what they deny. Exit code 1 where anything is not as it should be. */
import { Command } from "commander";
import type { PolicyArgs } from "../../towerforge/policies/index.ts";
import { figures } from "./figures.ts";
import { judge } from "./judge.ts";
import { deployerPolicy, namedPolicies } from "./named.ts";
import { necessity } from "./necessity.ts";
import { forBucket, publishedPolicies } from "./published.ts";
import { isProven, type Proof, type Report, reportText } from "./report.ts";
import { EVERYTHING, placeOf, stackArgs } from "./stack-args.ts";
import { policyIn, rowsIn } from "./tables/file.ts";
import { attacks, needs } from "./tables/index.ts";

interface Options {
  stack: string;
  account: string;
  document?: string;
  switching: boolean;
  policies?: string[];
  needs?: string;
  attacks?: string;
  json: boolean;
}

const MORE = `
A table is a list of rows {"group", "what", "calls": [{"action", "resource", "context"}]}. A need is met when every call of
its row is allowed; an attack is denied when one of its calls is. Each part of a policy is left out alone, to see whether
a need fails then.

Examples:
  npm run policies
  npm run --silent policies -- --document Forge --account 111122223333
  npm run policies -- --policies other.json --needs mine.json --attacks mine-too.json`;

const program = new Command("policies")
  .description("Show what the TowerForge policies allow and deny, by simulation")
  .option("--stack <FILE>", "the stack's own settings", "Pulumi.dev.yaml")
  .option("--account <ID>", "the 12 digits of the account", "123456789012")
  .option("--document <NAME>", "print one policy's document: Forge, Launch, S3 or Deployer")
  .option("--switching", "the deployer's, for the deployment that changes credentialMode", false)
  .option("--policies <FILE...>", "judge these policies instead of the stack's")
  .option("--needs <FILE>", "another table of what must be allowed")
  .option("--attacks <FILE>", "another table of what must be denied")
  .option("--json", "print one JSON document", false)
  .addHelpText("after", MORE)
  .parse();

try {
  process.exitCode = await run(program.opts<Options>());
} catch (reason) {
  process.stderr.write(`${(reason as Error).message}\n`);
  process.exitCode = 2;
}

async function run(options: Options): Promise<number> {
  if (!/^\d{12}$/.test(options.account))
    throw wrongOption(
      "That is no account.",
      options.account,
      "the 12 digits of an AWS account",
      "--account 123456789012",
    );
  const args = stackArgs({ account: options.account }, options.stack);
  const place = placeOf(args);
  const own = namedPolicies(args);
  if (options.document !== undefined) {
    const found = [...own, deployer(options)].find(({ name }) => name === options.document);
    if (!found)
      throw wrongOption(
        "There is no such policy.",
        options.document,
        "Forge, Launch, S3 or Deployer",
        "--document Forge",
      );
    process.stdout.write(`${JSON.stringify(found.document, undefined, 2)}\n`);
    return 0;
  }
  const given = options.policies?.map(policyIn);
  const prove = async (of: string, changes: Partial<PolicyArgs>): Promise<Proof> => {
    const those = { ...args, ...changes };
    const policies = given ?? namedPolicies(those);
    const rows = options.needs === undefined ? needs(place, those) : rowsIn(options.needs);
    const tried = options.attacks === undefined ? attacks(place, those) : rowsIn(options.attacks);
    return {
      of,
      needs: await judge(place.principal, policies, rows),
      attacks: await judge(place.principal, policies, tried),
      necessity: await necessity(place.principal, policies, rows),
    };
  };
  const published = publishedPolicies();
  const beside = published ? forBucket(published, place.bucket) : [];
  const proofs = [await prove(given ? "the given policies" : `the policies of ${options.stack}`, {})];
  if (!given) proofs.push(await prove("the same with every switch on", EVERYTHING));
  const report: Report = {
    figures: await Promise.all([...(given ?? own), ...beside].map(figures)),
    proofs,
    leftOut: published ? [] : ["Seqera's published policies, which are not beside the project"],
  };
  process.stdout.write(`${options.json ? JSON.stringify(report, undefined, 2) : reportText(report)}\n`);
  return isProven(report) ? 0 : 1;
}

function deployer({ stack, account, switching }: Options) {
  return deployerPolicy({ account, ...(switching && { credentialModes: ["key", "role"] }) }, stack);
}

function wrongOption(what: string, got: string, allowed: string, mend: string): Error {
  return new Error(
    `${what}\n  got:     ${got}\n  allowed: ${allowed}\n  mend:    npm run --silent policies -- ${mend}`,
  );
}
