import type { ComputeEnvContext } from "./compute-env.ts";
import { Fault } from "./fault.ts";
import { retiredName } from "./names.ts";
import type { PlatformComputeEnv, Workspace } from "./platform.ts";
import type { ComputeEnvironmentRequest } from "./request.ts";
import type { Tools } from "./tools.ts";
import { until } from "./wait.ts";

/** How long a removal is waited for. */
export type RemovalLimits = Pick<ComputeEnvironmentRequest, "computeEnvironmentSeconds" | "pollMilliseconds">;

/** What a removal works with. */
export type RemovalContext = Pick<ComputeEnvContext, "workspace" | "tools">;

/** What people read of a compute environment that was replaced. */
export const RETIRED =
  "Replaced by Pulumi, and kept for its runs. The first deployment (pulumi up, or pulumi destroy) after the last of them has ended deletes it.";

/** Removes the compute environment; while runs are active on it, it is retired instead: it stays, under another name. */
export async function removeComputeEnv(
  { spec, ...limits }: RemovalLimits & { spec: Pick<ComputeEnvironmentRequest["spec"], "name"> },
  { workspace, tools, former }: ComputeEnvContext,
): Promise<void> {
  const env = former && (await standing(former.computeEnvironmentId, workspace));
  // With another's mark it is the one that came in this one's place.
  if (!env || (markOf(env) !== undefined && markOf(env) !== former.mark)) return;
  const inUse = async () =>
    (await workspace.activeRuns()).some(({ computeEnvId }) => computeEnvId === env.id);
  if (await inUse()) return retire(env, spec.name, workspace);
  try {
    await deleteComputeEnv(env, limits, { workspace, tools });
  } catch (reason) {
    // The Platform refuses to delete one on which a run has begun meanwhile.
    if (!(await inUse())) throw reason;
    await retire(env, spec.name, workspace);
  }
}

/** Deletes a compute environment and waits until the Platform has disposed of its AWS resources. */
export async function deleteComputeEnv(
  env: PlatformComputeEnv,
  { computeEnvironmentSeconds, pollMilliseconds }: RemovalLimits,
  { workspace, tools }: RemovalContext,
): Promise<void> {
  if (env.status !== "DELETING") await startDeletion(env, workspace, tools);
  let last: PlatformComputeEnv | undefined = env;
  await until(
    { limitSeconds: computeEnvironmentSeconds, pollMilliseconds },
    async () => {
      last = await standing(env.id, workspace);
      if (last?.status === "ERRORED" && env.status !== "ERRORED") throw notGone(env.name, last);
      return last === undefined ? true : undefined;
    },
    () => notGone(env.name, last),
  );
}

/** A deletion whose answer was lost has begun all the same, and is refused when it is asked for again. */
async function startDeletion({ id }: PlatformComputeEnv, workspace: Workspace, tools: Tools): Promise<void> {
  try {
    await tools.tw(["compute-envs", "delete", "-i", id]);
  } catch (reason) {
    const left = await standing(id, workspace);
    if (left && left.status !== "DELETING") throw reason;
  }
}

/** Nothing new starts on it, its name is free for others, and what will become of it can be read on the Platform. */
async function retire({ id, status }: PlatformComputeEnv, name: string, workspace: Workspace): Promise<void> {
  await workspace.editComputeEnv(id, { name: retiredName(name, id), description: RETIRED });
  if (status === "AVAILABLE") await workspace.switchComputeEnv(id, "disable");
}

async function standing(id: string, workspace: Workspace): Promise<PlatformComputeEnv | undefined> {
  return (await workspace.computeEnvs()).find((env) => env.id === id && env.status !== "DELETED");
}

function notGone(name: string, last: PlatformComputeEnv | undefined): Fault {
  return new Fault(`The compute environment ${name} was not removed.`, {
    got: `${last?.status ?? "nothing"}${last?.message ? `: ${last.message}` : ""}`,
    mend: "see it on Seqera Platform; then run the same command again",
  });
}

/** A description that says whose the compute environment is; as it was where there is no need to. */
export function withMark(description: string | undefined, mark: string | undefined): string | undefined {
  return mark === undefined ? description : [description, `[${mark}]`].filter(Boolean).join(" ");
}

function markOf({ description }: PlatformComputeEnv): string | undefined {
  return /\[([0-9a-f]{8})\]$/.exec(description ?? "")?.[1];
}
