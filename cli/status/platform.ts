/** The parts on Seqera Platform and GitHub: credentials, compute environments, what is published of them. */
import type { StackConfig } from "../../config.ts";
import type { Workspace } from "../../seqerakit/index.ts";
import type { Manifest } from "../../seqerakit/manifest.ts";
import type { PublishedVariable } from "../stack/published.ts";
import type { StackState } from "../stack/state.ts";
import { environmentsPart } from "./environments.ts";
import { githubPart } from "./github.ts";
import type { Look, Wrong } from "./part.ts";

const UP = "pulumi up";

/** What the parts are held against. */
export interface PlatformExpected {
  config: Pick<StackConfig, "credentialsName" | "publishToGithub" | "githubOwner">;
  state: StackState;
  manifests: Manifest[];
  published: () => Promise<PublishedVariable[]>;
  /** Whether GitHub has the secret with the Platform token. */
  secretThere: () => Promise<boolean>;
}

/** As the Platform lists them. */
export type Credentials = Awaited<ReturnType<Workspace["credentials"]>>;

/** The looks. @param listed credentials of the workspace, which other parts want, too */
export function platformLooks(
  workspace: Workspace,
  listed: () => Promise<Credentials>,
  expected: PlatformExpected,
): Look[] {
  return [
    { name: "credentials", look: async () => credentialsPart(await listed(), expected) },
    {
      name: "compute environments",
      look: async () => {
        const published = expected.config.publishToGithub
          ? await expected.published().catch(() => undefined)
          : [];
        const [envs, runs, credentials] = await Promise.all([
          workspace.computeEnvs(),
          workspace.activeRuns(),
          listed(),
        ]);
        return environmentsPart({ envs, runs, credentials, published }, expected);
      },
    },
    ...(expected.config.publishToGithub
      ? [
          {
            name: "GitHub",
            look: async () => githubPart(await expected.published(), await expected.secretThere(), expected),
          },
        ]
      : []),
  ];
}

function credentialsPart(all: Credentials, { config: { credentialsName }, state }: PlatformExpected) {
  const own = all.filter(({ name, provider }) => name === credentialsName && provider === "aws");
  const key = state.accessKeys.find(({ replaced }) => !replaced)?.id;
  const data = own.map(({ id, name, status, keys }) => ({
    id,
    name,
    status: status ?? null,
    accessKeyId: keys?.accessKey ?? null,
  }));
  const wrong: Wrong[] = data.flatMap(({ name, status, accessKeyId }) => [
    ...(status === "AVAILABLE"
      ? []
      : [{ found: `the credentials ${name} are ${status ?? "of no status"}`, mend: UP }]),
    ...(accessKeyId === key
      ? []
      : [
          {
            found: `the credentials ${name} hold ${accessKeyId ?? "no key"}, the state has ${key ?? "none"}`,
            mend: UP,
          },
        ]),
  ]);
  if (own.length === 0) wrong.push({ found: `there are no credentials ${credentialsName}`, mend: UP });
  if (own.length > 1)
    wrong.push({
      found: `${own.length} sets of credentials are named ${credentialsName}`,
      mend: "delete or rename the others on Seqera Platform",
    });
  const lines = data.map(({ id, name, status, accessKeyId }): [string, string] => [
    `${name} (${id})`,
    `${status ?? "of no status"}, with ${accessKeyId ?? "no key"}`,
  ]);
  return { lines: lines.length > 0 ? lines : [[credentialsName, "none"] as [string, string]], data, wrong };
}
