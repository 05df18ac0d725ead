/** `tw compute-envs import`: a config file as `export` writes it. */
import { readFileSync } from "node:fs";
import { TowerError } from "../errors.ts";
import type { Values } from "../parser/values.ts";
import type { PlatformApi } from "../platform-api.ts";
import type { Result, Session } from "../session.ts";
import { type Config, createComputeEnv } from "./create.ts";
import { type Label, describeComputeEnv, listComputeEnvs } from "./find.ts";
import { resourceLabels } from "./labels.ts";

/** Makes an environment from a file. Labels given as options go before those of the file. */
export async function importConfig(session: Session, values: Values): Promise<Result> {
  const { labels: own, ...config } = readConfig(values.parameters[0] ?? "");
  const given = values.list("labels");
  const labels = given === undefined ? (own ?? []) : resourceLabels(given);
  const workspaceId = await session.workspaces.idOf(values.text("workspace"));
  if (values.flag("overwrite")) await deleteAvailable(session.api, workspaceId, values.required("name"));
  return createComputeEnv(session, values, config, labels);
}

function readConfig(path: string): Config & { labels?: Label[] | null } {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new TowerError(`File not found. ${path}`, { cause });
  }
  const config: unknown = JSON.parse(text);
  if (typeof config !== "object" || config === null || !("discriminator" in config)) {
    throw new Error("missing type id property 'discriminator'");
  }
  return config as Config & { labels?: Label[] | null };
}

/** Only among those AVAILABLE is one looked for: a failed environment of the name stays, and the name is taken. */
async function deleteAvailable(
  api: PlatformApi,
  workspaceId: number | undefined,
  name: string,
): Promise<void> {
  const available = await listComputeEnvs(api, workspaceId, "AVAILABLE");
  const found = available.find((one) => one.id === name) ?? available.find((one) => one.name === name);
  if (found === undefined) return;
  const { id } = await describeComputeEnv(api, workspaceId, found.id);
  await api.delete(`/compute-envs/${id}`, { workspaceId });
}
