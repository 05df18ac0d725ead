/** The verbs of /compute-envs/{id}: validate, primary, disable, enable. */
import type { FastifyInstance } from "fastify";
import { ApiError } from "../local-app.ts";
import { type ComputeEnv, now } from "./model.ts";
import { parseQuery } from "./requests.ts";
import type { Store } from "./store.ts";
import type { Validator } from "./validation.ts";

type ById = { Params: { id: string } };

/** Adds the routes. */
export function computeEnvActionRoutes(app: FastifyInstance, store: Store, validator: Validator): void {
  app.post<ById>("/compute-envs/:id/validate", async (request) => {
    const { workspaceId, force } = parseQuery(request.query);
    const env = store.computeEnvById(request.params.id, workspaceId, 404);
    if (force === true) return forceAvailable(store, env);
    if (env.status !== "AVAILABLE" && env.status !== "INVALID")
      throw new ApiError(400, `Compute environment '${env.name}' cannot be validated while ${env.status}`);
    return validator.computeEnv(env);
  });

  app.post<ById>("/compute-envs/:id/primary", async (request, reply) => {
    const { workspaceId } = parseQuery(request.query);
    const env = store.computeEnvById(request.params.id, workspaceId);
    for (const other of store.computeEnvs(workspaceId)) other.primary = other === env;
    return reply.code(204).send();
  });

  const switches = { disable: ["AVAILABLE", "DISABLED"], enable: ["DISABLED", "AVAILABLE"] } as const;
  for (const [verb, [from, to]] of Object.entries(switches)) {
    app.post<ById>(`/compute-envs/:id/${verb}`, async (request, reply) => {
      const { workspaceId } = parseQuery(request.query);
      const env = store.computeEnvById(request.params.id, workspaceId);
      if (env.status !== from) throw new ApiError(400, `Cannot ${verb} '${env.name}' while ${env.status}`);
      env.status = to;
      if (to === "DISABLED") env.primary = false;
      env.lastUpdated = now();
      return reply.code(204).send();
    });
  }
}

/** What `validate --force` does: no probe, and only where the specification allows it. */
function forceAvailable(store: Store, env: ComputeEnv): object {
  const credentials = store.credentials(env.workspaceId).find((entry) => entry.id === env.credentialsId);
  if (env.status !== "INVALID" || credentials?.status !== "AVAILABLE") {
    const found = `'${env.name}' is ${env.status}, its credentials are ${credentials?.status ?? "missing"}`;
    throw new ApiError(409, `Force rejected: ${found}`);
  }
  env.status = "AVAILABLE";
  env.message = undefined;
  env.lastUpdated = now();
  return { status: env.status, message: null, transientError: false };
}
