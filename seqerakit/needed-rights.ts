import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type FileArgs, manifestsOf } from "./args.ts";

/** The switches of the key's rights that the compute environments' files decide where they say `auto`. */
export interface RightsArgs extends FileArgs {
  efsRights: "auto" | boolean;
  fsxRights: "auto" | boolean;
}

/** What the compute environments need the key to be allowed. */
export interface NeededRights {
  efsRights: boolean;
  fsxRights: boolean;
  /** Names of the log groups that their jobs write to. */
  logGroups: string[];
  /** ARNs of the roles they name, besides those that Forge makes. */
  namedRoles: string[];
}

/** Batch's own, where a file names none: https://docs.aws.amazon.com/batch/latest/userguide/using_cloudwatch_logs.html */
const LOG_GROUP = "/aws/batch/job";

/** Names as in Seqera's API. */
const configuration = z.looseObject({
  logGroup: z
    .string()
    .regex(/^[\w./#-]{1,512}$/)
    .nullish(),
  computeJobRole: z.string().nullish(),
  headJobRole: z.string().nullish(),
  executionRole: z.string().nullish(),
  forge: z.looseObject({ efsCreate: z.boolean().nullish(), fsxSize: z.number().nullish() }).nullish(),
});

const ROLE_ARN = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** @throws pulumi.RunError when a switch forbids what a file needs, or a file names what is none */
export function neededRights(args: RightsArgs): NeededRights {
  const files = manifestsOf(args).map(({ key, spec }) => ({ key, ...parsed(key, spec.config) }));
  const making = (kind: "efs" | "fsx", keys: string[], setting: "auto" | boolean) => {
    if (setting === false && keys.length > 0) throw forbidden(kind, keys);
    return setting === "auto" ? keys.length > 0 : setting;
  };
  const keysOf = (has: (file: (typeof files)[number]) => boolean) =>
    files.filter(has).map(({ key }) => `${key}.json`);
  return {
    efsRights: making(
      "efs",
      keysOf(({ forge }) => forge?.efsCreate === true),
      args.efsRights,
    ),
    fsxRights: making(
      "fsx",
      keysOf(({ forge }) => (forge?.fsxSize ?? 0) > 0),
      args.fsxRights,
    ),
    logGroups: unique(files.map(({ logGroup }) => logGroup || LOG_GROUP)),
    namedRoles: unique(
      files.flatMap(({ key, computeJobRole, headJobRole, executionRole }) =>
        [computeJobRole, headJobRole, executionRole].flatMap((arn) => (arn ? [roleArn(key, arn)] : [])),
      ),
    ),
  };
}

function parsed(key: string, config: Record<string, unknown>) {
  const found = configuration.safeParse(config);
  if (found.success) return found.data;
  throw complaint(key, z.prettifyError(found.error).replaceAll("\n", " "), "values as Seqera's API has them");
}

function roleArn(key: string, arn: string): string {
  if (ROLE_ARN.test(arn)) return arn;
  throw complaint(key, arn, "the ARN of a role, e.g. arn:aws:iam::123456789012:role/nextflow-head");
}

function complaint(key: string, got: string, allowed: string): pulumi.RunError {
  return new pulumi.RunError(
    [
      `A compute environment's file does not say what the key must be allowed.`,
      `  file:    ${key}.json`,
      `  got:     ${got}`,
      `  allowed: ${allowed}`,
      `  mend:    edit the file`,
    ].join("\n"),
  );
}

function forbidden(kind: "efs" | "fsx", files: string[]): pulumi.RunError {
  const [asks, name] = kind === "efs" ? ["efsCreate", "an EFS"] : ["fsxSize", "an FSx"];
  return new pulumi.RunError(
    [
      `A compute environment is to have ${name} file system made, and the key may not make one.`,
      `  got:     AWSMegatests:${kind}Rights false, and ${asks} in ${files.join(", ")}`,
      `  allowed: ${kind}Rights auto or true, or no ${asks} in the files`,
      `  mend:    pulumi config set AWSMegatests:${kind}Rights auto`,
    ].join("\n"),
  );
}

function unique(values: string[]): string[] {
  return [...new Set(values)].toSorted();
}
