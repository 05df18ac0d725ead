/** Finding credentials by name or id. */
import { TowerError } from "../errors.ts";
import type { OptionSpec } from "../parser/spec.ts";
import type { Values } from "../parser/values.ts";
import type { PlatformApi } from "../platform-api.ts";

/** As much of the Platform's credentials as is read here; the rest is passed on. */
export interface Credentials {
  id: string;
  name: string;
  provider?: string;
  lastUsed?: string | null;
  keys?: { externalId?: string };
}

/** `-i` or `-n`, one of them. */
export const CREDENTIALS_REFERENCE: readonly OptionSpec[] = [
  {
    names: ["-i", "--id"],
    label: "credentialsId",
    oneOf: "reference",
    description: "Credentials identifier.",
  },
  { names: ["-n", "--name"], label: "credentialsName", oneOf: "reference", description: "Credentials name." },
];

/** All credentials of a workspace. @param platformId only those this platform can use */
export async function listCredentials(
  api: PlatformApi,
  workspaceId: number | undefined,
  platformId?: string,
): Promise<Credentials[]> {
  const query = { workspaceId, platformId };
  return (await api.get<{ credentials?: Credentials[] }>("/credentials", query)).credentials ?? [];
}

/** By name, from the list. */
export async function credentialsNamed(
  api: PlatformApi,
  workspaceId: number | undefined,
  name: string,
): Promise<Credentials | undefined> {
  return (await listCredentials(api, workspaceId)).find((one) => one.name === name);
}

/** By the reference options: by id the Platform is asked for it, by name the list. @throws TowerError without one */
export async function fetchCredentials(
  api: PlatformApi,
  workspaceId: number | undefined,
  values: Values,
): Promise<Credentials> {
  const id = values.text("id");
  if (id !== undefined) return describeCredentials(api, workspaceId, id);
  const name = values.required("name");
  const found = await credentialsNamed(api, workspaceId, name);
  if (found === undefined) {
    throw new TowerError(`Credentials '${name}' not found at ${workspaceId ?? null} workspace`);
  }
  return found;
}

/** One set of credentials, by id. */
export async function describeCredentials(
  api: PlatformApi,
  workspaceId: number | undefined,
  id: string,
): Promise<Credentials> {
  return (await api.get<{ credentials: Credentials }>(`/credentials/${id}`, { workspaceId })).credentials;
}
