import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ordered } from "./apply/fingerprint.ts";
import { LONGEST_NAME } from "./apply/names.ts";
import type { ComputeEnvironmentSpec } from "./apply/request.ts";

/** seqerakit's keys that are known here: https://github.com/seqeralabs/seqera-kit. Words that reach a shell hold nothing that means something to it. */
const entry = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)
    .max(LONGEST_NAME),
  workspace: z.literal("$TOWER_ORGANIZATION/$TOWER_WORKSPACE"),
  credentials: z.literal("$TOWER_CREDENTIALS"),
  "file-path": z.string(),
  // Anything else would delete a compute environment on which runs may be active.
  on_exists: z.literal("ignore"),
  // Without `wait`: the deployment waits by itself, with a limit; tw would wait for ever.
  description: z.string().max(1900).optional(),
  primary: z.boolean().optional(),
  labels: z
    .string()
    .regex(/^[\w-]+=[\w.-]+(,[\w-]+=[\w.-]+)*$/)
    .optional(),
});
const file = z.strictObject({ "compute-envs": z.array(entry).length(1) });
const FILE_ALLOWED = `one entry with ${Object.keys(entry.shape).join(", ")}: see seqerakit/compute-envs/README.md`;

const configuration = z.looseObject({
  discriminator: z.literal("aws-batch"),
  region: z.string(),
  workDir: z.string(),
  // tw would take them for the compute environment's own, which stand in the other file.
  labels: z.array(z.unknown()).max(0).optional(),
});
const CONFIGURATION_ALLOWED =
  "an AWS Batch configuration with discriminator, region, workDir and no labels: see seqerakit/compute-envs/README.md";

/** A compute environment as its files describe it. */
export interface Manifest {
  /** The files' common beginning, e.g. `cpu`. */
  key: string;
  spec: ComputeEnvironmentSpec;
}

/** What a compute environment's files have to agree with. */
export interface Surroundings {
  region: string;
  bucket: string;
}

/**
 * Reads a compute environment: `KEY.yml`, the JSON it names, and `KEY-nextflow.config` where there is one.
 * @throws Error naming the file, what stands there and what is allowed
 */
export function readManifest(path: string, { region, bucket }: Surroundings): Manifest {
  const key = basename(path, ".yml");
  const [only] = checked(path, file, parse, FILE_ALLOWED)["compute-envs"];
  const { name, description, primary = false, labels, "file-path": jsonFile } = only!;
  const jsonPath = join(dirname(path), jsonFile);
  const config = checked(jsonPath, configuration, JSON.parse, CONFIGURATION_ALLOWED);
  agree(jsonPath, "region", config.region, region, "aws:region");
  agree(
    jsonPath,
    "workDir",
    config.workDir.split("/").slice(0, 3).join("/"),
    `s3://${bucket}`,
    "AWSMegatests:bucket",
  );
  const nextflowConfig = readIfThere(join(dirname(path), `${key}-nextflow.config`));
  return {
    key,
    spec: {
      name,
      ...(description !== undefined && { description }),
      primary,
      labels: (labels?.split(",") ?? []).toSorted(),
      // A file that only looks another is the same one.
      config: ordered({ ...config, ...(nextflowConfig && { nextflowConfig }) }) as typeof config,
    },
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw complaint(
      path,
      "no file that can be read",
      "a file in the project",
      "see AWSMegatests:computeEnvironments",
    );
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw reason;
  }
}

function checked<T>(
  path: string,
  shape: z.ZodType<T>,
  parseText: (text: string) => unknown,
  allowed: string,
): T {
  const parsed = shape.safeParse(content(path, parseText));
  if (parsed.success) return parsed.data;
  throw complaint(path, z.prettifyError(parsed.error), allowed, "edit the file");
}

function content(path: string, parseText: (text: string) => unknown): unknown {
  const text = read(path);
  try {
    return parseText(text);
  } catch (reason) {
    throw complaint(path, (reason as Error).message, "a file of the form its name ends in", "edit the file");
  }
}

function agree(path: string, what: string, found: string, wanted: string, setting: string) {
  if (found !== wanted)
    throw complaint(path, `${what} ${found}`, wanted, `edit the file, or: pulumi config set ${setting} …`);
}

function complaint(path: string, got: string, allowed: string, mend: string): Error {
  return new Error(
    [
      `A compute environment's file cannot be used.`,
      `  file:    ${path}`,
      `  got:     ${got}`,
      `  allowed: ${allowed}`,
      `  mend:    ${mend}`,
    ].join("\n"),
  );
}
