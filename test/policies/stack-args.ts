import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { neededRights } from "../../seqerakit/needed-rights.ts";
import type { DeployerArgs, PolicyArgs } from "../../towerforge/policies/index.ts";
import type { Place } from "./tables/row.ts";

const PROJECT = "AWSMegatests";
const root = new URL("../../", import.meta.url);
type Config = Record<string, unknown>;

/** @throws Error where there are no settings */
function yaml(file: string): { config: Config } {
  let got = "no config";
  try {
    const found = parse(readFileSync(new URL(file, root), "utf8")) as { config?: Config } | null;
    if (typeof found?.config === "object") return { config: found.config };
  } catch (reason) {
    got = (reason as Error).message.split(", open")[0]!;
  }
  throw new Error(
    [
      `A file cannot be used.`,
      `  file:    ${file}`,
      `  got:     ${got}`,
      `  allowed: the settings of a stack, under config`,
      `  mend:    edit the file, or name another one`,
    ].join("\n"),
  );
}

/** What a stack's own file sets, over the project's defaults. */
function settingsOf(stackFile: string): Config {
  const declared = Object.entries(yaml("Pulumi.yaml").config).flatMap(([key, value]) => {
    const { default: fallback } = value as { default?: unknown };
    return fallback === undefined ? [] : [[key, plain(fallback)] as const];
  });
  const own = Object.entries(yaml(stackFile).config).map(
    ([key, value]) => [key.replace(`${PROJECT}:`, ""), plain(value)] as const,
  );
  return Object.fromEntries([...declared, ...own]);
}

/** The settings are strings that say what they mean. */
function plain(value: unknown): unknown {
  return value === "true" ? true : value === "false" ? false : value;
}

/**
 * What the policies of a stack are made for, as the program would be told.
 * @param changes to what the stack says
 * @param stackFile @default nf-core's
 */
export function stackArgs(changes: Partial<PolicyArgs> = {}, stackFile = "Pulumi.dev.yaml"): PolicyArgs {
  const settings = settingsOf(stackFile) as unknown as PolicyArgs & {
    bucket: string;
    "aws:region": string;
    computeEnvironments: string[];
  };
  const { bucket, computeEnvironments, efsRights, fsxRights } = settings;
  const region = settings["aws:region"];
  const needed = neededRights({ bucket, computeEnvironments, region, efsRights, fsxRights });
  const scope = { partition: "aws", region, account: "123456789012" };
  const made = { ...settings, ...scope, ...needed, ...changes };
  return { ...made, bucketArn: changes.bucketArn ?? `arn:${made.partition}:s3:::${bucket}` };
}

/**
 * What the deployer's policy of a stack is made for.
 * @param changes to what the stack says
 * @param stackFile @default nf-core's
 */
export function deployerArgs(
  changes: Partial<DeployerArgs> = {},
  stackFile = "Pulumi.dev.yaml",
): DeployerArgs {
  const { credentialMode, ...settings } = settingsOf(stackFile) as unknown as DeployerArgs & {
    credentialMode: "key" | "role";
  };
  const { partition, region, account, bucketArn } = stackArgs({}, stackFile);
  return {
    ...settings,
    partition,
    region,
    account,
    bucketArn,
    credentialModes: [credentialMode],
    ...changes,
  };
}

/** Where a stack's calls go. */
export function placeOf({ partition, region, account, bucketArn }: PolicyArgs): Place {
  const principal = `arn:${partition}:iam::${account}:user/TowerForge-AWSMegatests`;
  return { partition, region, account, bucket: bucketArn.split(":::")[1]!, principal };
}

/** A stack that has everything switched on, and a role of its own for its jobs. */
export const EVERYTHING: Partial<PolicyArgs> = {
  efsRights: true,
  fsxRights: true,
  secretsRights: true,
  sesRights: true,
  dataExplorerRights: true,
  namedRoles: ["arn:aws:iam::123456789012:role/nextflow-head"],
};
