/** /orgs/{org}/actions/secrets: values come in sealed boxes and never go out. */
import type { FastifyInstance } from "fastify";
import { ApiError } from "../local-app.ts";
import { type Entry, find, type GithubState, now } from "./model.ts";
import { checkName, pageOf, parseBody, SECRET } from "./requests.ts";
import { openBox } from "./sealed-box.ts";

type ByName = { Params: { name: string } };

/** Adds the routes; the prefix is the organization's. */
export function secretRoutes(app: FastifyInstance, state: GithubState, baseUrl: () => string): void {
  const show = (secret: Entry) => ({
    name: secret.name,
    created_at: secret.createdAt,
    updated_at: secret.updatedAt,
    visibility: secret.visibility,
    ...(secret.visibility === "selected"
      ? { selected_repositories_url: `${baseUrl()}/actions/secrets/${secret.name}/repositories` }
      : {}),
  });
  const byName = (name: string) => {
    const secret = find(state.secrets, name);
    if (secret === undefined) throw new ApiError(404, "Not Found");
    return secret;
  };

  app.get("/actions/secrets/public-key", () => {
    return { key_id: state.keys.keyId, key: state.keys.publicKey };
  });

  app.get("/actions/secrets", (request) => {
    const page = pageOf(state.secrets, request.query, { normal: 30, largest: 100 });
    return { total_count: state.secrets.length, secrets: page.map(show) };
  });

  app.get<ByName>("/actions/secrets/:name", (request) => show(byName(request.params.name)));

  app.put<ByName>("/actions/secrets/:name", async (request, reply) => {
    const name = checkName(request.params.name);
    const body = parseBody(SECRET, request.body);
    const value = await openBox(state.keys, body.key_id, body.encrypted_value);
    const { visibility } = body;
    const repositoryIds = body.selected_repository_ids ?? [];
    const at = now();
    const held = find(state.secrets, name);
    if (held !== undefined) {
      Object.assign(held, { value, visibility, repositoryIds, updatedAt: at });
      return reply.code(204).send();
    }
    state.secrets.push({ name, value, visibility, repositoryIds, createdAt: at, updatedAt: at });
    return reply.code(201).send({});
  });

  app.delete<ByName>("/actions/secrets/:name", async (request, reply) => {
    const secret = byName(request.params.name);
    state.secrets = state.secrets.filter((entry) => entry !== secret);
    return reply.code(204).send();
  });
}
