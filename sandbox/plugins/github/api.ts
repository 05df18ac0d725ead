/** GitHub's REST API, as the Terraform provider calls it: paths under `/api/v3`, retries, go-github's error texts. */
import ky, { HTTPError, type KyInstance } from "ky";
import { z } from "zod";
import { loopbackOnly } from "../kit/loopback.ts";

/** An answer of GitHub that is an error. */
export class GithubError extends Error {
  /** The HTTP status. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** An organization, by a token. */
export class Github {
  /** The organization's name. */
  readonly owner: string;
  #http: KyInstance;

  constructor(baseUrl: string, owner: string, token: string, retries: number) {
    this.owner = owner;
    this.#http = ky.create({
      prefixUrl: apiRoot(baseUrl),
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
      timeout: 60_000,
      retry: {
        limit: retries,
        methods: ["get", "post", "put", "patch", "delete"],
        statusCodes: [429, 500, 502, 503, 504],
        afterStatusCodes: [403, 429, 503],
      },
    });
  }

  /**
   * @param path below the organization, for instance `actions/variables`; empty for the organization itself
   * @returns the answer's JSON, undefined when it is empty
   * @throws {@link GithubError} when GitHub refuses
   */
  async call(
    method: "get" | "post" | "put" | "patch" | "delete",
    path = "",
    body?: unknown,
  ): Promise<unknown> {
    try {
      const answer = await this.#http(["orgs", this.owner, path].filter(Boolean).join("/"), {
        method,
        json: body,
      });
      const text = await answer.text();
      return text === "" ? undefined : JSON.parse(text);
    } catch (error) {
      throw error instanceof HTTPError ? await githubError(error) : error;
    }
  }

  /** Like {@link call} with GET, but undefined when there is nothing at the path. */
  async find(path: string): Promise<unknown> {
    return this.call("get", path).catch((error: unknown) => {
      if (error instanceof GithubError && error.status === 404) return undefined;
      throw error;
    });
  }
}

/**
 * Configures the provider and, like the real one, looks the organization up at once.
 *
 * @param variables the provider's arguments
 * @throws when an argument is missing, the address is not on this machine, or the organization is not to be had
 */
export async function configure(variables: Record<string, string>): Promise<Github> {
  const owner = variables.owner || variables.organization;
  if (!owner) throw new Error("the github provider has no owner: give it `owner`, the organization's name");
  if (!variables.token) throw new Error("the github provider has no token: give it `token`");
  const baseUrl = await loopbackOnly(variables.baseUrl ?? "https://api.github.com/", "baseUrl");
  const github = new Github(baseUrl, owner, variables.token, Number(variables.maxRetries ?? 3));
  await github.call("get");
  return github;
}

/** GitHub Enterprise Server has its API under a path, and the provider takes every other host for one. */
function apiRoot(baseUrl: string): string {
  return baseUrl.replace(/\/*$/, "").replace(/\/api\/v3$/, "") + "/api/v3";
}

async function githubError({ request, response }: HTTPError): Promise<GithubError> {
  const said = z.object({ message: z.string() }).safeParse(await response.json().catch(() => undefined));
  const message = said.success ? said.data.message : response.statusText;
  return new GithubError(
    `${request.method} ${request.url}: ${response.status} ${message} []`,
    response.status,
  );
}
