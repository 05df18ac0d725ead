import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { ComputeEnvironmentSpec } from "./apply/request.ts";

const file = z.strictObject({
  "compute-envs": z
    .array(
      z.looseObject({
        name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,90}$/),
        workspace: z.literal("$TOWER_ORGANIZATION/$TOWER_WORKSPACE"),
        credentials: z.literal("$TOWER_CREDENTIALS"),
        "file-path": z.string(),
        // Anything else would delete a compute environment on which runs may be active.
        on_exists: z.literal("ignore"),
        // The deployment waits by itself, with a limit; tw would wait for ever.
        wait: z.undefined().optional(),
      }),
    )
    .length(1),
});

const configuration = z.looseObject({
  discriminator: z.literal("aws-batch"),
  region: z.string(),
  workDir: z.string(),
});

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
  const [entry] = checked(path, file, parse(read(path)))["compute-envs"];
  const { name, workspace: _w, credentials: _c, "file-path": jsonFile, on_exists: _o, ...rest } = entry!;
  const jsonPath = join(dirname(path), jsonFile);
  const config = checked(jsonPath, configuration, JSON.parse(read(jsonPath)));
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
    spec: { name, entry: rest, config: { ...config, ...(nextflowConfig && { nextflowConfig }) } },
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

function checked<T>(path: string, shape: z.ZodType<T>, content: unknown): T {
  const parsed = shape.safeParse(content);
  if (parsed.success) return parsed.data;
  throw complaint(
    path,
    z.prettifyError(parsed.error),
    "what seqerakit/compute-envs/README.md describes",
    "edit the file",
  );
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
