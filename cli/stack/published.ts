/** What GitHub says of the stack, beside what the stack would publish. */
import ky from "ky";
import type { StackConfig } from "../../config.ts";
import { apiRoot, publishedVariables, variablesApi } from "../../github/index.ts";
import { keyOf } from "./environments.ts";
import type { StackState } from "./state.ts";

/** An organization variable. */
export interface PublishedVariable {
  name: string;
  /** What it says; undefined where there is none. */
  says: string | undefined;
  /** What the state would have it say; undefined where a compute environment is yet to be made. */
  wanted: string | undefined;
  /** Whether the state knows it. */
  known: boolean;
}

/**
 * Every variable that the stack publishes.
 * @param asked which are looked for, by whether the state knows them. @default all
 */
export async function publishedNow(
  config: StackConfig,
  { githubToken, workspaceId }: { githubToken: string; workspaceId: string },
  { computeEnvironments, variableNames }: Pick<StackState, "computeEnvironments" | "variableNames">,
  asked = (_known: boolean) => true,
): Promise<PublishedVariable[]> {
  const current = computeEnvironments.filter(({ replaced }) => !replaced);
  const ids = config.computeEnvironments.map((path) => {
    const key = keyOf(path);
    return [key, current.find((env) => env.key === key)?.id] as const;
  });
  const wanted = publishedVariables<string | undefined>({
    computeEnvironmentVariablePrefix: config.computeEnvironmentVariablePrefix,
    computeEnvironmentIds: Object.fromEntries(ids),
    ...{ workspaceId, bucket: config.bucket },
  });
  const api = await variablesApi({ ...config, githubToken });
  const looks = Object.entries(wanted)
    .map(([name, value]) => ({ name, wanted: value, known: variableNames.includes(name) }))
    .filter(({ known }) => asked(known))
    .map(async (each) => ({ ...each, says: (await api.find(each.name))?.value }));
  return Promise.all(looks);
}

/** The secret with the Platform token. */
export const SECRET = "TOWER_ACCESS_TOKEN";

/** Whether the organization has the secret; what it says GitHub tells nobody. */
export async function hasSecret(
  config: Pick<StackConfig, "githubOwner" | "githubBaseUrl" | "callSeconds">,
  githubToken: string,
): Promise<boolean> {
  const url = new URL(`orgs/${config.githubOwner}/actions/secrets/${SECRET}`, apiRoot(config));
  const { status } = await ky.get(url, {
    headers: { authorization: `Bearer ${githubToken}`, accept: "application/vnd.github+json" },
    ...{ timeout: config.callSeconds * 1000, throwHttpErrors: (code) => code !== 404 },
  });
  return status !== 404;
}
