/** Finding compute environments by name or id. */
import { TowerError } from "../errors.ts";
import type { OptionSpec } from "../parser/spec.ts";
import type { Values } from "../parser/values.ts";
import type { PlatformApi } from "../platform-api.ts";

/** A label, or a resource label with its value. */
export interface Label {
  name: string;
  value?: string | null;
}

/** As much of the Platform's compute environment as is read here; the rest is passed on. */
export interface ComputeEnv {
  id: string;
  name: string;
  platform?: string;
  status?: string;
  primary?: boolean | null;
  description?: string | null;
  lastUsed?: string | null;
  lastUpdated?: string | null;
  dateCreated?: string | null;
  config?: Record<string, unknown>;
  labels?: Label[] | null;
}

/** `-i` or `-n`, one of them. */
export const COMPUTE_ENV_REFERENCE: readonly OptionSpec[] = [
  {
    names: ["-i", "--id"],
    label: "computeEnvId",
    oneOf: "reference",
    description: "Compute environment id.",
  },
  {
    names: ["-n", "--name"],
    label: "computeEnvName",
    oneOf: "reference",
    description: "Compute environment name.",
  },
];

/** All compute environments of a workspace. @param status only those in it */
export async function listComputeEnvs(
  api: PlatformApi,
  workspaceId: number | undefined,
  status?: string,
): Promise<ComputeEnv[]> {
  const query = { status, workspaceId };
  return (await api.get<{ computeEnvs?: ComputeEnv[] }>("/compute-envs", query)).computeEnvs ?? [];
}

/** One compute environment. @param attributes what the Platform is to add, such as `labels` */
export async function describeComputeEnv(
  api: PlatformApi,
  workspaceId: number | undefined,
  id: string,
  attributes?: "labels",
): Promise<ComputeEnv> {
  const query = { workspaceId, attributes };
  return (await api.get<{ computeEnv: ComputeEnv }>(`/compute-envs/${id}`, query)).computeEnv;
}

/** By the reference options, with labels; by name the list is asked first. @throws TowerError without one */
export async function fetchComputeEnv(
  api: PlatformApi,
  workspaceId: number | undefined,
  values: Values,
): Promise<ComputeEnv> {
  const id = values.text("id");
  if (id !== undefined) return describeComputeEnv(api, workspaceId, id, "labels");
  const name = values.required("name");
  const found = (await listComputeEnvs(api, workspaceId)).find((one) => one.name === name);
  if (found === undefined) {
    throw new TowerError(`Compute environment '${name}' not found at ${workspaceId ?? null} workspace`);
  }
  return describeComputeEnv(api, workspaceId, found.id, "labels");
}
