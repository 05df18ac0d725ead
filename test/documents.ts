import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { forgeGrants } from "../towerforge/policies/forge.ts";
import type { Grant } from "../towerforge/policies/grant.ts";
import { launchGrants } from "../towerforge/policies/launch.ts";
import { s3Grants } from "../towerforge/policies/s3.ts";

/** CREDENTIALS.md with its tables made anew from the code. */
export function withTables(text: string): string {
  const policies = [row("policy", "statement", "permissions", "bound to"), RULE, ...policyRows()];
  const settings = [row("setting", "meaning", "default"), RULE.slice(0, -6), ...settingRows()];
  return put(put(text, "policies", policies), "settings", settings);
}

const RULE = "| --- | --- | --- | --- |";

function put(text: string, name: string, rows: string[]): string {
  const table = new RegExp(`(<!-- ${name} -->\n)[^]*(<!-- /${name} -->)`);
  if (!table.test(text)) throw new Error(`CREDENTIALS.md has no table marked ${name}`);
  return text.replace(table, (_, begin: string, end: string) => `${begin}\n${rows.join("\n")}\n\n${end}`);
}

function policyRows(): string[] {
  const scope = { partition: "aws", region: "REGION", account: "ACCOUNT" };
  const forge = forgeGrants({ ...scope, efsRights: true, fsxRights: true, forgeManagedPolicies: ["LIST"] });
  const policies: [string, Grant[]][] = [
    ["Forge", forge],
    ["Launch", launchGrants(scope)],
    ["S3", s3Grants({ bucketArn: "arn:aws:s3:::BUCKET" })],
  ];
  return policies.flatMap(([policy, grants]) =>
    grants.map(({ sid, actions, resources }) =>
      row(policy, sid, actions.join(", "), resources.map(short).join(", ")),
    ),
  );
}

/** An ARN without what is the same in all of them. */
function short(resource: string): string {
  return resource === "*"
    ? "the region"
    : `\`${resource.replace(/^arn:aws:/, "").replace(":REGION:ACCOUNT:", ":")}\``;
}

function settingRows(): string[] {
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as {
    config: Record<string, { description: string; default: unknown }>;
  };
  return Object.entries(project.config)
    .filter(([key]) => !key.includes(":"))
    .map(([key, { description, default: value }]) => row(`\`${key}\``, description, defaultText(value)));
}

function defaultText(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0 ? "a must" : value.map((each) => `\`${each}\``).join(", ");
  if (typeof value === "object") return "none";
  return value === "" ? "" : `\`${value as string}\``;
}

const row = (...cells: string[]) => `| ${cells.join(" | ")} |`;
