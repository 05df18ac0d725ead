import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { towerForgeGrants } from "../towerforge/policies/index.ts";
import { EVERYTHING, stackArgs } from "./policies/stack-args.ts";

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
  const scope = { region: "REGION", account: "ACCOUNT", bucketArn: "arn:aws:s3:::BUCKET" };
  const grants = towerForgeGrants(stackArgs({ ...EVERYTHING, ...scope, namedRoles: ["NAMED"] }));
  return Object.entries(grants).flatMap(([policy, all]) =>
    all.map(({ sid, actions, resources }) =>
      row(policy, sid, Object.keys(actions).join(", "), resources.map(short).join(", ")),
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
    return value.length === 0 ? "a must" : value.map((each) => `\`${plain(each)}\``).join(", ");
  if (typeof value === "object") return "none";
  return value === "" ? "" : `\`${value as string}\``;
}

/** An entry of a list is a text, or an object of texts. */
function plain(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) return String(entry);
  return Object.entries(entry)
    .map(([key, value]) => `${key}: ${value as string}`)
    .join(", ");
}

const row = (...cells: string[]) => `| ${cells.join(" | ")} |`;
