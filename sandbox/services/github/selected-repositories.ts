/** …/actions/{variables,secrets}/{name}/repositories: which repositories see an entry of visibility `selected`. */
import type { FastifyInstance } from "fastify";
import { ApiError } from "../local-app.ts";
import { find, type GithubState, now } from "./model.ts";
import { pageOf, parseBody, SELECTION } from "./requests.ts";

type ByName = { Params: { name: string } };
type ByRepository = { Params: { name: string; id: string } };

/** Adds the routes for both kinds; the prefix is the organization's. */
export function selectedRepositoryRoutes(app: FastifyInstance, state: GithubState, owner: string): void {
  // The sandbox has no repositories: any id is one, named after it.
  const show = (id: number) => {
    return { id, name: `repository-${id}`, full_name: `${owner}/repository-${id}`, private: false };
  };
  for (const kind of ["variables", "secrets"] as const) {
    const selected = (name: string) => {
      const entry = find(state[kind], name);
      if (entry === undefined) throw new ApiError(404, "Not Found");
      if (entry.visibility !== "selected") throw new ApiError(409, "The visibility is not set to selected");
      return entry;
    };
    const path = `/actions/${kind}/:name/repositories`;

    app.get<ByName>(path, (request) => {
      const { repositoryIds } = selected(request.params.name);
      const page = pageOf(repositoryIds, request.query, { normal: 30, largest: 100 });
      return { total_count: repositoryIds.length, repositories: page.map(show) };
    });

    const change = (name: string, ids: (held: number[]) => number[]) => {
      const entry = selected(name);
      entry.repositoryIds = [...new Set(ids(entry.repositoryIds))];
      entry.updatedAt = now();
    };
    app.put<ByName>(path, async (request, reply) => {
      const body = parseBody(SELECTION, request.body);
      change(request.params.name, () => body.selected_repository_ids);
      return reply.code(204).send();
    });
    app.put<ByRepository>(`${path}/:id`, async (request, reply) => {
      change(request.params.name, (held) => [...held, Number(request.params.id)]);
      return reply.code(204).send();
    });
    app.delete<ByRepository>(`${path}/:id`, async (request, reply) => {
      change(request.params.name, (held) => held.filter((id) => id !== Number(request.params.id)));
      return reply.code(204).send();
    });
  }
}
