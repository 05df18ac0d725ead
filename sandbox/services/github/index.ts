/** Stand-in for GitHub's REST API (at /api/v3, as on GitHub Enterprise): organization variables and secrets. */
import { bearerToken, listen, makeApp, type SendError } from "../local-app.ts";
import type { Service, ServiceOptions } from "../service.ts";
import { accountRoutes } from "./account.ts";
import type { Entry, GithubState } from "./model.ts";
import { makeKeys } from "./sealed-box.ts";
import { secretRoutes } from "./secrets.ts";
import { selectedRepositoryRoutes } from "./selected-repositories.ts";
import { variableRoutes } from "./variables.ts";

export type { Entry, Visibility } from "./model.ts";

/** The running service, with what tests read in its process. Clients use `${url}/` as base URL. */
export interface GithubService extends Service {
  /** All organization variables, by name. */
  variables(): Record<string, Omit<Entry, "name">>;
  /** All organization secrets, by name, without their values. */
  secrets(): Record<string, Omit<Entry, "name" | "value">>;
  /** What was sealed into a secret; undefined when there is none. */
  secretValue(name: string): string | undefined;
}

const DOCUMENTATION = "https://docs.github.com/rest";

/** Errors as GitHub writes them: the status once more, as text. */
const sendError: SendError = (reply, status, message) =>
  reply.send({ message, documentation_url: DOCUMENTATION, status: String(status) });

/** @param options `scopes` are the token's; null makes it a fine-grained one, which has none. @default admin:org, repo */
export async function startGithub(
  options: ServiceOptions & { scopes?: string | null },
): Promise<GithubService> {
  const { scopes = "admin:org, repo" } = options;
  const { githubOwner: owner, githubToken } = options.seed;
  const saved = options.saved as GithubState | undefined;
  const state: GithubState = structuredClone(saved) ?? {
    variables: [],
    secrets: [],
    keys: await makeKeys(),
  };
  let url = "";
  const api = () => `${url}/api/v3`;

  const app = await makeApp("github", options.faults, sendError);
  app.setNotFoundHandler((_request, reply) => sendError(reply.code(404), 404, "Not Found"));
  await app.register(
    async (v3) => {
      v3.addHook("preHandler", async (request, reply) => {
        if (bearerToken(request.headers.authorization) !== githubToken) {
          await sendError(reply.code(401), 401, "Bad credentials");
          return reply;
        }
        reply.headers({
          ...(scopes !== null && { "x-oauth-scopes": scopes }),
          "x-accepted-oauth-scopes": "admin:org",
          "x-github-media-type": "github.v3; format=json",
          "x-ratelimit-limit": "5000",
          "x-ratelimit-remaining": "4999",
          "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 3600),
        });
      });
      accountRoutes(v3, owner, api);
      await v3.register(
        (organization, _options, done) => {
          const base = () => `${api()}/orgs/${owner}`;
          variableRoutes(organization, state, base);
          secretRoutes(organization, state, base);
          selectedRepositoryRoutes(organization, state, owner);
          done();
        },
        { prefix: `/orgs/${owner}` },
      );
    },
    { prefix: "/api/v3" },
  );
  url = await listen(app, options.port);

  return {
    name: "github",
    url,
    snapshot: () => Promise.resolve(structuredClone(state)),
    restore: async (other) => void Object.assign(state, structuredClone(other) as GithubState),
    close: () => app.close(),
    variables: () => Object.fromEntries(state.variables.map(({ name, ...rest }) => [name, rest])),
    secrets: () => Object.fromEntries(state.secrets.map(({ name, value: _value, ...rest }) => [name, rest])),
    secretValue: (name) => state.secrets.find((secret) => secret.name === name)?.value,
  };
}
