/** The parts on Seqera Platform and GitHub: credentials, compute environments, what is published of them. */
import type { StackConfig } from "../../config.ts";
import type { Workspace } from "../../seqerakit/index.ts";
import type { Manifest } from "../../seqerakit/manifest.ts";
import type { PublishedVariable } from "../stack/published.ts";
import type { StackState } from "../stack/state.ts";
import { credentialsPart, type Credentials, type OwnCredentials, ownOf } from "./credentials.ts";
import { environmentsPart } from "./environments.ts";
import { githubPart } from "./github.ts";
import type { Look } from "./part.ts";

/** What the parts are held against. */
export interface PlatformExpected {
  config: Pick<StackConfig, "publishToGithub" | "githubOwner">;
  /** The stack's credentials. */
  own: () => Promise<OwnCredentials>;
  state: StackState;
  manifests: Manifest[];
  published: () => Promise<PublishedVariable[]>;
  /** Whether GitHub has the secret with the Platform token. */
  secretThere: () => Promise<boolean>;
}

/** The looks. @param listed credentials of the workspace, which other parts want, too */
export function platformLooks(
  workspace: Workspace,
  listed: () => Promise<Credentials>,
  expected: PlatformExpected,
): Look[] {
  return [
    { name: "credentials", look: async () => credentialsPart(await listed(), await expected.own()) },
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
        const ownIds = ownOf(credentials, await expected.own()).map(({ id }) => id);
        return environmentsPart({ envs, runs, ownIds, published }, expected);
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
