import { isRetired } from "./names.ts";
import type { PlatformComputeEnv } from "./platform.ts";
import { deleteComputeEnv, type RemovalContext, type RemovalLimits } from "./remove-compute-env.ts";
import type { CredentialsResult } from "./request.ts";

/**
 * Deletes the compute environments that were replaced and stayed for runs that have ended since.
 * @param credentialsIds the stack's credentials, and its former ones, which may be gone: what works by any of them is the
 * stack's, and goes on, and can be disposed of, by the first
 * @returns what is still there, by name, and why; one that cannot be deleted is nobody's failure
 */
export async function sweepRetired(
  limits: RemovalLimits,
  { workspace, tools }: RemovalContext,
  credentialsIds: [current: string, ...former: (string | undefined)[]],
): Promise<CredentialsResult["retired"]> {
  const retired = (await workspace.computeEnvs()).filter(
    (env) => isRetired(env) && credentialsIds.includes(env.credentialsId ?? ""),
  );
  if (retired.length === 0) return {};
  const [credentialsId] = credentialsIds;
  for (const env of retired)
    if (env.credentialsId !== credentialsId) await workspace.editComputeEnv(env.id, { credentialsId });
  const runs = await workspace.activeRuns();
  const sweep = async (env: PlatformComputeEnv) => {
    const active = runs.filter(({ computeEnvId }) => computeEnvId === env.id);
    if (active.length > 0) return `runs are active on it: ${active.map(({ name }) => name).join(", ")}`;
    return deleteComputeEnv(env, limits, { workspace, tools }).then(
      () => undefined,
      (reason: Error) => reason.message.replaceAll(/\s*\n\s*/g, "; "),
    );
  };
  const left = await Promise.all(
    retired.map(async (env) => ({ name: env.name, id: env.id, because: await sweep(env) })),
  );
  return Object.fromEntries(
    left.flatMap(({ name, id, because }) => (because === undefined ? [] : [[name, { id, because }]])),
  );
}
