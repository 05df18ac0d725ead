/** docs/permissions.md, made from the code. */
import { type Grant, towerForgeGrants } from "../../towerforge/policies/index.ts";
import { LEFT_OUT } from "./left-out.ts";
import { findings } from "./findings.ts";
import { row, statement } from "./statement.ts";
import { EVERYTHING, placeOf, stackArgs } from "./stack-args.ts";
import { remainingRisks } from "./tables/index.ts";

const HEAD = `# What the key may do

<!-- Made by \`npm run docs\` from towerforge/policies/ and test/policies/. -->

Three policies, attached to the user (or role) that Seqera Platform works as. Forge makes and removes compute environments, Launch submits
runs and watches them, S3 touches the work bucket. No statement stands in two of them, and each part of each is needed by a call: leaving it
out alone makes one fail. \`npm run policies\` proves that, and that every attack of the tables in \`test/policies/tables/\` is denied,
by simulation.

REGION, ACCOUNT and BUCKET stand for the stack's own. Statements marked * are there only where the stack asks for them: by a switch, or by
what a compute environment's file says.`;

/** The document. */
export function permissionsDocument(): string {
  const scope = { region: "REGION", account: "ACCOUNT", bucketArn: "arn:aws:s3:::BUCKET" };
  const always = sids(towerForgeGrants(stackArgs(scope)));
  const namedRoles = ["arn:aws:iam::ACCOUNT:role/NAMED"];
  const all = towerForgeGrants(stackArgs({ ...EVERYTHING, ...scope, namedRoles }));
  return [
    HEAD,
    ...Object.entries(all).flatMap(([policy, grants]) => [
      `## ${policy}`,
      ...grants.map((grant) => statement(grant, always.has(grant.sid) ? undefined : "*")),
    ]),
    leftOut(),
    remains(),
    findings(({ policies }) => !policies.includes("Deployer")),
    ACCOUNT_NOTE,
    "",
  ].join("\n\n");
}

const ACCOUNT_NOTE = `## The way out

\`pulumi config set AWSMegatests:permissions seqera-docs\` gives the three policies Seqera's published rights as they are, where the Platform
calls something that is not in these tables. It says so as AccessDenied in a compute environment's message, with the action's name: please
report it, and set \`permissions\` back to \`least\` once the action has its place here.`;

function sids(grants: Record<string, Grant[]>): Set<string> {
  return new Set(Object.values(grants).flatMap((each) => each.map(({ sid }) => sid)));
}

function leftOut(): string {
  const rows = LEFT_OUT.map(([actions, why]) => row(actions.replaceAll("*", "\\*"), why));
  return ["## Left out of Seqera's own policies", "", row("rights", "why"), row("---", "---"), ...rows].join(
    "\n",
  );
}

function remains(): string {
  const risks = remainingRisks(placeOf(stackArgs()));
  return [
    "## What remains",
    "",
    "Whoever steals the key can still do this, because Forge does the same:",
    "",
    row("what", "what limits it", "what closes it"),
    row("---", "---", "---"),
    ...risks.map(({ what, limit, close }) => row(what, limit, close)),
  ].join("\n");
}
