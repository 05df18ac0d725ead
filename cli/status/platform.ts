/** The parts on Seqera Platform and GitHub: credentials, compute environments, what is published of them. */
import type { StackConfig } from "../../config.ts";
import { goesBy, isRetired, type Workspace } from "../../seqerakit/index.ts";
import type { Manifest } from "../../seqerakit/manifest.ts";
import type { PublishedVariable } from "../stack/published.ts";
import type { StackState } from "../stack/state.ts";
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

const SECRET = "TOWER_ACCESS_TOKEN";

type Credentials = Awaited<ReturnType<Workspace["credentials"]>>;

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

interface Seen {
  envs: Awaited<ReturnType<Workspace["computeEnvs"]>>;
  runs: Awaited<ReturnType<Workspace["activeRuns"]>>;
  credentials: Credentials;
  /** Undefined where GitHub does not tell. */
  published: PublishedVariable[] | undefined;
}

/** The stack's own by the state's id, else by name. */
function environmentsPart(
  { envs, runs, credentials, published }: Seen,
  { manifests, state, config }: PlatformExpected,
) {
  const ownCredentials = credentials
    .filter(({ name }) => name === config.credentialsName)
    .map(({ id }) => id);
  const runsOn = (id: string) => runs.filter(({ computeEnvId }) => computeEnvId === id).length;
  const data = manifests.map(({ key, spec }) => {
    const known = state.computeEnvironments.find((env) => env.key === key && !env.replaced)?.id;
    const env = envs.find(({ id }) => id === known) ?? envs.find((each) => goesBy(each, spec.name));
    const variables = published
      ?.filter(({ says }) => says !== undefined && says === env?.id)
      .map(({ name }) => name);
    return {
      ...{
        key,
        name: env?.name ?? spec.name,
        id: env?.id ?? null,
        status: env?.status ?? null,
        message: env?.message ?? null,
      },
      ...{
        primary: env?.primary === true,
        wantsPrimary: spec.primary,
        known: env !== undefined && env.id === known,
      },
      ...{ runs: env ? runsOn(env.id) : 0, variable: variables?.[0] ?? null },
      ownCredentials: env !== undefined && ownCredentials.includes(env.credentialsId ?? ""),
    };
  });
  const retired = envs
    .filter(isRetired)
    .map(({ id, name, status }) => ({ id, name, status, runs: runsOn(id) }));
  const wrong: Wrong[] = data.flatMap(
    ({ name, id, status, message, known, ownCredentials: own, primary, wantsPrimary }) => {
      if (id === null) return [{ found: `there is no compute environment ${name}`, mend: UP }];
      const but = (right: boolean, found: string) =>
        right ? [] : [{ found: `the compute environment ${name} ${found}`, mend: UP }];
      return [
        ...but(status === "AVAILABLE", `is ${status}${message ? `: ${message}` : ""}`),
        ...but(known, `(${id}) is not the state's`),
        ...but(own, "works by other credentials"),
        ...but(primary || !wantsPrimary, "is not the primary one"),
      ];
    },
  );
  const lines = [
    ...data.map(({ name, id, status, primary, runs: count, variable }): [string, string] => [
      id === null ? name : `${name} (${id})`,
      [
        `${status ?? "does not exist"}${primary ? ", primary" : ""}`,
        `${count} active runs`,
        ...(config.publishToGithub ? [variable ?? "not published"] : []),
      ].join(", "),
    ]),
    ...retired.map(({ id, name, status, runs: count }): [string, string] => [
      `${name} (${id})`,
      `${status}, replaced, ${count} active runs: deleted once it has none`,
    ]),
  ];
  return { lines, data: { configured: data, retired }, wrong };
}

function githubPart(
  all: PublishedVariable[],
  secretThere: boolean,
  { config: { githubOwner } }: PlatformExpected,
) {
  const wrong: Wrong[] = all
    .filter(({ says, wanted }) => says === undefined || says !== wanted)
    .map(({ name, says, wanted, known }) => ({
      found: `GitHub's variable ${name} ${says === undefined ? "is not set" : `says ${says}`}, the stack ${wanted ?? "has none"}`,
      mend:
        known || says === undefined
          ? "pulumi refresh --run-program --yes, then: pulumi up"
          : `gh variable delete ${name} --org ${githubOwner}; then: pulumi up`,
    }));
  if (!secretThere)
    wrong.push({
      found: `GitHub's secret ${SECRET} is not set`,
      mend: "pulumi refresh --run-program --yes, then: pulumi up",
    });
  return {
    lines: [
      ...all.map(({ name, says }): [string, string] => [`variable ${name}`, says ?? "not set"]),
      [`secret ${SECRET}`, secretThere ? "set" : "not set"] as [string, string],
    ],
    data: {
      variables: Object.fromEntries(all.map(({ name, says }) => [name, says ?? null])),
      secrets: secretThere ? [SECRET] : [],
    },
    wrong,
  };
}
