import { AsyncResource } from "node:async_hooks";
import ky, { HTTPError } from "ky";
import * as pulumi from "@pulumi/pulumi";

/** How GitHub is asked past the provider. */
export interface GithubAccess {
  /** The organization. */
  githubOwner: string;
  /** Base URL of a GitHub Enterprise server, ending in a slash. Empty is github.com. */
  githubBaseUrl: string;
  /** How long a call may stay unanswered, in seconds. */
  callSeconds: number;
  /** May administer the organization's variables. */
  githubToken: pulumi.Input<string>;
}

interface Variable {
  value: string;
  visibility: string;
}

/**
 * Has a variable made although one of that name exists, where the existing one is what an earlier try has made: it says
 * just what is to be said, and only the answer was lost. One with another value is somebody's, and stays.
 */
export function takeOver(name: string, access: GithubAccess): pulumi.ErrorHook {
  const compare = async ({ failedOperation, newInputs, errors: [last = ""] }: pulumi.ErrorHookArgs) => {
    if (failedOperation !== "create" || !/\b409\b/.test(last) || pulumi.runtime.isDryRun()) return false;
    const wanted = newInputs as Variable & { variableName: string };
    const api = await variablesApi(access);
    const found = await api.find(wanted.variableName);
    if (found && !(found.value === wanted.value && found.visibility === wanted.visibility))
      throw new Error(taken(access.githubOwner, wanted, found));
    if (found) await api.remove(wanted.variableName);
    return true;
  };
  // A hook is called from outside the program: bound, it knows all the same which deployment it belongs to.
  return new pulumi.ErrorHook(name, AsyncResource.bind(compare));
}

const GITHUB = "https://api.github.com/";

/** Where GitHub's API is: a server of one's own has it under /api/v3. */
export function apiRoot({ githubBaseUrl }: Pick<GithubAccess, "githubBaseUrl">): URL {
  const base = new URL(githubBaseUrl || GITHUB);
  return base.href === GITHUB ? base : new URL("api/v3/", base);
}

/** The organization's variables, one by one. https://docs.github.com/en/rest/actions/variables */
export async function variablesApi(access: GithubAccess) {
  const { githubOwner, callSeconds, githubToken } = access;
  const token = await new Promise<string>((resolve) => void pulumi.output(githubToken).apply(resolve));
  const api = ky.create({
    prefixUrl: new URL(`orgs/${githubOwner}/actions/variables`, apiRoot(access)),
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
    timeout: callSeconds * 1000,
    retry: { limit: 3, methods: ["get", "delete"], jitter: true },
  });
  const unlessMissing = <T>(call: Promise<T>): Promise<T | undefined> =>
    call.catch((reason: unknown) => {
      if (reason instanceof HTTPError && reason.response.status === 404) return undefined;
      throw reason;
    });
  return {
    find: (variable: string) => unlessMissing(api.get(variable).json<Variable>()),
    remove: (variable: string) => unlessMissing(api.delete(variable)),
  };
}

function taken(owner: string, wanted: Variable & { variableName: string }, found: Variable): string {
  return [
    `The organization's variable ${wanted.variableName} exists already and says something else, so it is left alone.`,
    `  got:     ${found.value}, for ${found.visibility} repositories`,
    `  allowed: no such variable, or one that says ${wanted.value} for ${wanted.visibility} repositories`,
    `  mend:    gh variable delete ${wanted.variableName} --org ${owner}; then: pulumi up`,
  ].join("\n");
}
