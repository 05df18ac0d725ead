/** A new compute environment: what `add` and `import` share. */
import { TowerError } from "../errors.ts";
import { listCredentials } from "../credentials/find.ts";
import type { OptionSpec } from "../parser/spec.ts";
import type { Values } from "../parser/values.ts";
import type { PlatformApi } from "../platform-api.ts";
import type { Result, Session } from "../session.ts";
import { WORKSPACE_OPTION } from "../workspace.ts";
import type { Label } from "./find.ts";
import { labelIds } from "./labels.ts";
import { STATUSES, waitFor } from "./wait.ts";

/** Options of every command that makes one. */
export const CREATE_OPTIONS: readonly OptionSpec[] = [
  { names: ["-n", "--name"], label: "name", required: true, description: "Compute environment name." },
  WORKSPACE_OPTION,
  {
    names: ["-c", "--credentials"],
    label: "credentialsRef",
    description: "Credentials by id or name [default: the only ones that fit].",
  },
  {
    names: ["--wait"],
    label: "wait",
    type: STATUSES,
    description: `Wait until given status or fail. Valid options: ${STATUSES.join(", ")}.`,
  },
  { names: ["-d", "--description"], label: "description", description: "Compute environment description." },
  { names: ["--labels"], label: "labels", split: true, description: "Comma-separated list of labels." },
];

/** A config, with the platform it is for. */
export interface Config {
  discriminator: string;
  [property: string]: unknown;
}

/** Sends it, and waits when told to. @param labels made when they are not there */
export async function createComputeEnv(
  { api, workspaces, options, print }: Session,
  values: Values,
  config: Config,
  labels: readonly Label[],
): Promise<Result> {
  const name = values.required("name");
  const platform = config.discriminator;
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const ids = labels.length > 0 ? { labelIds: await labelIds(api, workspaceId, labels) } : {};
  const credentialsId = await credentialsFor(api, workspaceId, platform, values.text("credentials"));
  const description = values.text("description");
  const computeEnv = { name, description, platform, credentialsId, config };
  const { computeEnvId: id } = await api.post<{ computeEnvId: string }>(
    "/compute-envs",
    { workspaceId },
    { computeEnv, ...ids },
  );
  const workspaceRef = await workspaces.label(workspaceId);
  const target = values.text("wait");
  return {
    json: { id, platform, name, workspaceId, workspaceRef },
    text: `\n  New ${platform.toUpperCase()} compute environment '${name}' added at ${workspaceRef} workspace\n\n`,
    afterwards:
      target === undefined
        ? undefined
        : () =>
            waitFor(api, workspaceId, id, {
              target,
              final: ["AVAILABLE", "ERRORED", "INVALID"],
              progress: options.json ? undefined : print,
            }),
  };
}

/** The list is asked for also when an id is given, so that credentials of another provider are refused. */
async function credentialsFor(
  api: PlatformApi,
  workspaceId: number | undefined,
  platform: string,
  reference: string | undefined,
): Promise<string> {
  const fitting = await listCredentials(api, workspaceId, platform);
  if (reference === undefined && fitting.length > 1) {
    throw new TowerError(
      "Multiple credentials match this compute environment. Please provide the credentials identifier that you want to use",
    );
  }
  const [first] = fitting;
  const chosen =
    reference === undefined ? first : fitting.find(({ id, name }) => id === reference || name === reference);
  if (chosen === undefined) throw new TowerError("No valid credentials found at the workspace");
  return chosen.id;
}
