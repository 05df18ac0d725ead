/** /orgs/{org}/actions/variables */
import type { FastifyInstance } from "fastify";
import { ApiError } from "../local-app.ts";
import { type Entry, find, type GithubState, now } from "./model.ts";
import { CHANGED_VARIABLE, checkName, NEW_VARIABLE, pageOf, parseBody } from "./requests.ts";

type ByName = { Params: { name: string } };

/** Adds the routes; the prefix is the organization's. */
export function variableRoutes(app: FastifyInstance, state: GithubState, baseUrl: () => string): void {
  const show = (variable: Entry) => ({
    name: variable.name,
    value: variable.value,
    created_at: variable.createdAt,
    updated_at: variable.updatedAt,
    visibility: variable.visibility,
    ...(variable.visibility === "selected"
      ? { selected_repositories_url: `${baseUrl()}/actions/variables/${variable.name}/repositories` }
      : {}),
  });
  const byName = (name: string) => {
    const variable = find(state.variables, name);
    if (variable === undefined) throw new ApiError(404, "Not Found");
    return variable;
  };

  app.get("/actions/variables", (request) => {
    const page = pageOf(state.variables, request.query, { normal: 10, largest: 30 });
    return { total_count: state.variables.length, variables: page.map(show) };
  });

  app.post("/actions/variables", async (request, reply) => {
    const body = parseBody(NEW_VARIABLE, request.body);
    if (find(state.variables, body.name) !== undefined)
      throw new ApiError(409, "Already exists - Variable already exists");
    const at = now();
    state.variables.push({
      name: body.name.toUpperCase(),
      value: body.value,
      visibility: body.visibility,
      repositoryIds: body.selected_repository_ids ?? [],
      createdAt: at,
      updatedAt: at,
    });
    return reply.code(201).send({});
  });

  app.get<ByName>("/actions/variables/:name", (request) => show(byName(request.params.name)));

  app.patch<ByName>("/actions/variables/:name", async (request, reply) => {
    const variable = byName(request.params.name);
    const body = parseBody(CHANGED_VARIABLE, request.body);
    variable.name = checkName(body.name ?? variable.name);
    variable.value = body.value ?? variable.value;
    variable.visibility = body.visibility ?? variable.visibility;
    variable.repositoryIds = body.selected_repository_ids ?? variable.repositoryIds;
    variable.updatedAt = now();
    return reply.code(204).send();
  });

  app.delete<ByName>("/actions/variables/:name", async (request, reply) => {
    const variable = byName(request.params.name);
    state.variables = state.variables.filter((entry) => entry !== variable);
    return reply.code(204).send();
  });
}
