import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { Fault } from "./fault.ts";
import type { PlatformComputeEnv, Workspace } from "./platform.ts";
import { inPrivateFolder } from "./private-folder.ts";
import type {
  ComputeEnvironmentRequest,
  ComputeEnvironmentResult,
  ComputeEnvironmentSpec,
} from "./request.ts";
import type { Tools } from "./tools.ts";
import { proveComputeEnv } from "./validate.ts";
import { until } from "./wait.ts";

/** What the steps on compute environments work with. */
export interface ComputeEnvContext {
  workspace: Workspace;
  tools: Tools;
  /** The id it had after the last deployment; undefined when it is to be made. */
  formerId: string | undefined;
}

/** Sees to it that the compute environment exists and is AVAILABLE, and makes it with seqerakit where it does not exist. */
export async function applyComputeEnv(
  request: ComputeEnvironmentRequest,
  context: ComputeEnvContext,
): Promise<ComputeEnvironmentResult> {
  const { workspace } = context;
  const [credentialsId, envs] = await Promise.all([
    idOfCredentials(request.credentialsName, workspace),
    workspace.computeEnvs(),
  ]);
  const former = envs.find(({ id }) => id === context.formerId);
  const { name, found } = former
    ? { name: former.name, found: true }
    : await place(request, { credentialsId, envs }, context);
  if (!found) await make({ ...request.spec, name }, request.credentialsName, context.tools);

  const env = await settled(name, request, workspace);
  // The Platform calls one that it has just made AVAILABLE because it has seen it work.
  if (found)
    await proveComputeEnv(workspace, env, {
      limitSeconds: request.computeEnvironmentSeconds,
      pollMilliseconds: request.pollMilliseconds,
    });
  return { computeEnvironmentId: env.id, name, status: "AVAILABLE" };
}

/** Removes the compute environment and waits until the Platform has disposed of its AWS resources. */
export async function removeComputeEnv(
  request: Pick<ComputeEnvironmentRequest, "computeEnvironmentSeconds" | "pollMilliseconds">,
  { workspace, tools, formerId }: ComputeEnvContext,
): Promise<void> {
  if (formerId === undefined) return;
  const look = async () =>
    (await workspace.computeEnvs()).find(({ id, status }) => id === formerId && status !== "DELETED");
  const env = await look();
  if (!env) return;
  if (env.status !== "DELETING") await tools.tw(["compute-envs", "delete", "-i", formerId]);
  let last: PlatformComputeEnv | undefined = env;
  await until(
    { limitSeconds: request.computeEnvironmentSeconds, pollMilliseconds: request.pollMilliseconds },
    async () => {
      last = await look();
      if (last?.status === "ERRORED" && env.status !== "ERRORED") throw notGone(env.name, last);
      return last === undefined ? true : undefined;
    },
    () => notGone(env.name, last),
  );
}

async function idOfCredentials(name: string, workspace: Workspace): Promise<string> {
  const named = (await workspace.credentials()).filter(
    (each) => each.name === name && each.provider === "aws",
  );
  if (named.length === 1 && named[0]) return named[0].id;
  throw new Fault("The compute environment's credentials are not to be told apart on Seqera Platform.", {
    got: named.length === 0 ? "none of that name" : named.map(({ id }) => id).join(", "),
    allowed: `one set of AWS credentials named ${name}`,
    mend:
      named.length === 0 ? "pulumi up" : "delete or rename the others on Seqera Platform; then: pulumi up",
  });
}

/**
 * Where the compute environment is, or is to be made. Its own name is taken while a predecessor with other settings
 * stands: the successor then adds eight characters of what it is made from, the same at every try.
 */
async function place(
  { spec, computeEnvironmentSeconds, pollMilliseconds }: ComputeEnvironmentRequest,
  { credentialsId, envs }: { credentialsId: string; envs: PlatformComputeEnv[] },
  context: ComputeEnvContext,
): Promise<{ name: string; found: boolean }> {
  const mark = createHash("sha256")
    .update(JSON.stringify([credentialsId, spec]))
    .digest("hex")
    .slice(0, 8);
  for (const name of [spec.name, `${spec.name}-${mark}`]) {
    const env = envs.find((each) => each.name === name);
    if (!env) return { name, found: false };
    const same =
      env.credentialsId === credentialsId &&
      matches(await context.workspace.computeEnvConfig(env.id), spec.config);
    if (same && ["CREATING", "AVAILABLE", "INVALID"].includes(env.status)) return { name, found: true };
    if (same && env.status === "ERRORED") {
      // A former try of this very one: nothing can run on it.
      const limits = { computeEnvironmentSeconds, pollMilliseconds };
      await removeComputeEnv(limits, { ...context, formerId: env.id });
      return { name, found: false };
    }
  }
  throw new Fault("Both names a compute environment may have are taken on Seqera Platform.", {
    got: `${spec.name}, ${spec.name}-${mark}`,
    mend: `delete one of them there; then: pulumi up`,
  });
}

/** Whether the Platform's configuration has all that was asked for; it adds settings of its own. */
export function matches(found: unknown, asked: unknown): boolean {
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

async function make(
  { name, entry, config }: ComputeEnvironmentSpec,
  credentials: string,
  tools: Tools,
): Promise<void> {
  await inPrivateFolder(async (folder) => {
    await folder.write("compute-env.json", JSON.stringify(config));
    const rendered = {
      ...entry,
      name,
      workspace: "$TOWER_ORGANIZATION/$TOWER_WORKSPACE",
      credentials: "$TOWER_CREDENTIALS",
      "file-path": "./compute-env.json",
      on_exists: "ignore",
    };
    await folder.write("compute-env.yml", stringify({ "compute-envs": [rendered] }));
    await tools.seqerakit(folder.path, "compute-env.yml", { TOWER_CREDENTIALS: credentials });
  });
}

/** Waits until the compute environment is made. */
async function settled(
  name: string,
  { computeEnvironmentSeconds, pollMilliseconds }: ComputeEnvironmentRequest,
  workspace: Workspace,
): Promise<PlatformComputeEnv> {
  let last: PlatformComputeEnv | undefined;
  const failed = () =>
    new Fault(`The compute environment ${name} was not made.`, {
      got: last ? `${last.status}${last.message ? `: ${last.message}` : ""}` : "nothing of that name",
      allowed: `AVAILABLE within ${computeEnvironmentSeconds} seconds`,
      mend: "put right what the Platform names; then: pulumi up",
    });
  return until(
    { limitSeconds: computeEnvironmentSeconds, pollMilliseconds },
    async () => {
      last = (await workspace.computeEnvs()).find((each) => each.name === name);
      if (!last || ["ERRORED", "DISABLED", "DELETING", "DELETED"].includes(last.status)) throw failed();
      // One that turned INVALID earlier is tried again by its validation.
      return last.status === "CREATING" ? undefined : last;
    },
    failed,
  );
}

function notGone(name: string, last: PlatformComputeEnv | undefined): Fault {
  return new Fault(`The compute environment ${name} was not removed.`, {
    got: `${last?.status ?? "nothing"}${last?.message ? `: ${last.message}` : ""}`,
    mend: "see it on Seqera Platform; then run the same command again",
  });
}
