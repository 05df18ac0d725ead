import { isDeepStrictEqual } from "node:util";
import type { ComputeEnvContext } from "./compute-env.ts";
import { Fault } from "./fault.ts";
import { fingerprint } from "./fingerprint.ts";
import { goesBy, successorName } from "./names.ts";
import type { PlatformComputeEnv, PlatformComputeEnvDetails } from "./platform.ts";
import { deleteComputeEnv } from "./remove-compute-env.ts";
import type { ComputeEnvironmentRequest, ComputeEnvironmentSpec } from "./request.ts";

/** What is there already when a compute environment is to be made or kept. */
export interface Surroundings {
  /** Id of the credentials it is to work by. */
  credentialsId: string;
  /** All of the workspace. */
  envs: PlatformComputeEnv[];
}

/**
 * Where the compute environment is, or is to be made. Its own name is taken while a predecessor with other settings
 * stands: the successor then adds eight characters of what it is made from, the same at every try.
 */
export async function place(
  request: ComputeEnvironmentRequest,
  { credentialsId, envs }: Surroundings,
  context: ComputeEnvContext,
): Promise<{ name: string; found: PlatformComputeEnv | undefined }> {
  const { spec } = request;
  const names = [spec.name, secondName(spec, credentialsId)];
  for (const name of names) {
    const found = envs.find((each) => each.name === name);
    if (!found) return { name, found };
    const same =
      found.credentialsId === credentialsId && isSame(await context.workspace.computeEnv(found.id), spec);
    if (same && ["CREATING", "AVAILABLE", "INVALID", "DISABLED"].includes(found.status))
      return { name, found };
    if (same && found.status === "ERRORED") {
      // A former try of this very one: nothing can run on it.
      await deleteComputeEnv(found, request, context);
      return { name, found: undefined };
    }
  }
  throw new Fault("Both names a compute environment may have are taken on Seqera Platform.", {
    got: names.join(", "),
    mend: `delete one of them there; then: pulumi up`,
  });
}

/** Its own name once that is free; until then what it goes by, unless somebody has called it otherwise. */
export function nameToKeep(
  env: PlatformComputeEnv,
  spec: ComputeEnvironmentSpec,
  { credentialsId, envs }: Surroundings,
): string {
  const taken = envs.some(({ id, name }) => id !== env.id && name === spec.name);
  if (!taken) return spec.name;
  return goesBy(env, spec.name) ? env.name : secondName(spec, credentialsId);
}

function secondName({ name, labels, config }: ComputeEnvironmentSpec, credentialsId: string): string {
  return successorName(name, fingerprint([credentialsId, labels, config]));
}

/** Whether a compute environment is what was asked for; the Platform adds settings and default labels of its own. */
export function isSame(
  { config, labels }: PlatformComputeEnvDetails,
  asked: Pick<ComputeEnvironmentSpec, "config" | "labels">,
): boolean {
  const found = (labels ?? []).map(({ name, value, isDefault }) => ({ text: `${name}=${value}`, isDefault }));
  return (
    matches(config, asked.config) &&
    asked.labels.every((label) => found.some(({ text }) => text === label)) &&
    found.every(({ text, isDefault }) => isDefault === true || asked.labels.includes(text))
  );
}

/** Whether the Platform's configuration has all that was asked for. */
function matches(found: unknown, asked: unknown): boolean {
  if (asked === null || typeof asked !== "object" || Array.isArray(asked))
    return isDeepStrictEqual(found ?? empty(asked), asked);
  const has = (found ?? {}) as Record<string, unknown>;
  return Object.entries(asked).every(([key, value]) => matches(has[key], value));
}

/** The Platform leaves out what is empty or false. */
function empty(asked: unknown): unknown {
  if (Array.isArray(asked)) return [];
  return typeof asked === "boolean" ? false : undefined;
}
