/** `tw compute-envs list`, `view`, `validate` and `export`. */
import { writeFileSync } from "node:fs";
import { prettyJson, table, time } from "../output.ts";
import type { Values } from "../parser/values.ts";
import type { Result, Session } from "../session.ts";
import { type Validation, validationText } from "../validation.ts";
import { type ComputeEnv, fetchComputeEnv, listComputeEnvs } from "./find.ts";

/** Lists the workspace's compute environments; the primary one has a star. */
export async function list({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const computeEnvs = await listComputeEnvs(api, workspaceId);
  const workspaceRef = await workspaces.linkedLabel(workspaceId);
  const rows = computeEnvs.map((one) => [
    `${one.primary ? "*" : " "} ${one.id}`,
    one.status ?? "NA",
    one.platform ?? "",
    one.name,
    time(one.lastUsed),
  ]);
  const body =
    rows.length === 0
      ? "    No compute environment found"
      : `${table(rows, ["  ID", "Status", "Platform", "Name", "Last activity"])}\n`;
  return {
    json: { workspaceRef, computeEnvs },
    text: `\n  Compute environments at ${workspaceRef} workspace:\n\n${body}\n`,
  };
}

/** Shows one; as JSON it is the Platform's object, with the reason of a failure in `message`. */
export async function view({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const computeEnv = await fetchComputeEnv(api, workspaceId, values);
  const workspaceRef = await workspaces.linkedLabel(workspaceId);
  const labels = (computeEnv.labels ?? []).map(({ name, value }) => (value ? `${name}=${value}` : name));
  const details = table([
    ["ID", computeEnv.id],
    ["Name", computeEnv.name],
    ["Description", computeEnv.description?.trim().replaceAll(/[\r\n]/g, " ") ?? "NA"],
    ["Platform", computeEnv.platform ?? ""],
    ["Last updated", time(computeEnv.lastUpdated)],
    ["Last activity", time(computeEnv.lastUsed)],
    ["Created", time(computeEnv.dateCreated)],
    ["Status", computeEnv.status ?? "NA"],
    ["Labels", labels.join(",")],
  ]);
  const config = prettyJson(portableConfig(computeEnv)).replaceAll(/^/gm, "     ");
  return {
    json: computeEnv,
    text: `\n  Compute environment at ${workspaceRef} workspace:\n\n${details}\n\n  Configuration:\n\n${config}\n\n`,
  };
}

/** Lets the Platform run its pre-flight checks again. Exit code 1 only when it says INVALID. */
export async function validate({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const { id, name } = await fetchComputeEnv(api, workspaceId, values);
  const query = { workspaceId, force: values.flag("force") };
  const outcome = await api.post<Validation>(`/compute-envs/${id}/validate`, query);
  const workspaceRef = await workspaces.label(workspaceId);
  return {
    json: { id, name, workspaceRef, ...outcome, transientError: outcome.transientError === true },
    text: validationText(`Compute environment '${id}'`, workspaceRef, outcome),
    exitCode: outcome.status === "INVALID" ? 1 : 0,
  };
}

/** Writes the config in the form `import` reads, to a file or to the output. */
export async function exportConfig({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const computeEnv = await fetchComputeEnv(api, workspaceId, values);
  const configOutput = prettyJson({ ...portableConfig(computeEnv), labels: computeEnv.labels });
  const [fileName] = values.parameters;
  const toFile = fileName !== undefined && fileName !== "-";
  if (toFile) writeFileSync(fileName, configOutput);
  return {
    json: { configOutput, fileName },
    text: toFile ? `\n  Compute environment exported into '${fileName}' \n\n` : `${configOutput}\n`,
  };
}

/** What Forge adds to a config it was given; another environment must not be made from it. */
const FORGED = new Set(["forgedResources", "computeQueue", "headQueue", "volumes"]);

/** The config without what Forge has made from it. In one made by hand the queues are settings and stay. */
function portableConfig({ config = {} }: ComputeEnv): Record<string, unknown> {
  const left = config.forge ? FORGED : new Set(["forgedResources"]);
  return Object.fromEntries(Object.entries(config).filter(([key]) => !left.has(key)));
}
