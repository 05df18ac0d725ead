/** `tw compute-envs delete` and `primary`. */
import { TowerError } from "../errors.ts";
import type { Values } from "../parser/values.ts";
import type { Result, Session } from "../session.ts";
import { type ComputeEnv, describeComputeEnv, fetchComputeEnv, listComputeEnvs } from "./find.ts";
import { waitFor } from "./wait.ts";

/** Starts a deletion; it is over only when `--wait` says so. */
export async function deleteComputeEnv(session: Session, values: Values): Promise<Result> {
  const { api, workspaces, options, print } = session;
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const id = values.text("id") ?? (await fetchComputeEnv(api, workspaceId, values)).id;
  await api.delete(`/compute-envs/${id}`, { workspaceId });
  const workspaceRef = await workspaces.label(workspaceId);
  const wait = {
    target: "DELETED",
    final: ["ERRORED", "INVALID"],
    progress: options.json ? undefined : print,
  };
  return {
    json: { id, workspaceRef, workspaceId },
    text: `\n  Compute environment '${id}' deleted at ${workspaceRef} workspace\n\n`,
    afterwards: values.flag("wait") ? () => waitFor(api, workspaceId, id, wait) : undefined,
  };
}

/** Makes one the workspace's default. */
export async function setPrimary({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const computeEnv = await fetchComputeEnv(api, workspaceId, values);
  await api.post(`/compute-envs/${computeEnv.id}/primary`, { workspaceId });
  return primary(computeEnv, await workspaces.label(workspaceId), "was set to");
}

/** Shows the workspace's default, which has to be AVAILABLE. */
export async function getPrimary({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const found = (await listComputeEnvs(api, workspaceId, "AVAILABLE")).find((one) => one.primary === true);
  if (found === undefined) {
    const workspaceRef = await workspaces.label(workspaceId);
    throw new TowerError(`No available compute environment defined at ${workspaceRef} workspace`);
  }
  const computeEnv = await describeComputeEnv(api, workspaceId, found.id);
  return primary(computeEnv, await workspaces.label(workspaceId), "is");
}

function primary({ id, name, platform }: ComputeEnv, workspaceRef: string, verb: string): Result {
  const text = `\n  Primary compute environment for workspace '${workspaceRef}' ${verb} '${name} (${id})'  \n\n`;
  return { json: { id, name, platform }, text };
}
