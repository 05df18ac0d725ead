/** The part about compute environments: as they are on the Platform, with their runs, and what GitHub says of them. */
import { goesBy, isRetired, type Workspace } from "../../seqerakit/index.ts";
import type { PublishedVariable } from "../stack/published.ts";
import type { Wrong } from "./part.ts";
import type { PlatformExpected } from "./platform.ts";

/** What was seen. */
export interface Seen {
  envs: Awaited<ReturnType<Workspace["computeEnvs"]>>;
  runs: Awaited<ReturnType<Workspace["activeRuns"]>>;
  /** Ids of the stack's own credentials. */
  ownIds: string[];
  /** Undefined where GitHub does not tell. */
  published: PublishedVariable[] | undefined;
}

/** The stack's own by the state's id, else by name. */
export function environmentsPart(
  { envs, runs, ownIds, published }: Seen,
  { manifests, state, config }: PlatformExpected,
) {
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
      ownCredentials: env !== undefined && ownIds.includes(env.credentialsId ?? ""),
    };
  });
  const retired = envs
    .filter(isRetired)
    .map(({ id, name, status }) => ({ id, name, status, runs: runsOn(id) }));
  const wrong: Wrong[] = data.flatMap(
    ({ name, id, status, message, known, ownCredentials: own, primary, wantsPrimary }) => {
      if (id === null) return [{ found: `there is no compute environment ${name}`, mend: "pulumi up" }];
      const but = (right: boolean, found: string) =>
        right ? [] : [{ found: `the compute environment ${name} ${found}`, mend: "pulumi up" }];
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
        ...(published === undefined ? ["not seen on GitHub"] : []),
        ...(published && config.publishToGithub ? [variable ?? "not published"] : []),
      ].join(", "),
    ]),
    ...retired.map(({ id, name, status, runs: count }): [string, string] => [
      `${name} (${id})`,
      `${status}, replaced, ${count} active runs: deleted once it has none`,
    ]),
  ];
  return { lines, data: { configured: data, retired }, wrong };
}
