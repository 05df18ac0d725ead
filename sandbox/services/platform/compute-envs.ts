/** /compute-envs: AWS Batch environments made by Forge, with the asynchronous life of the real ones. */
import type { FastifyInstance } from "fastify";
import { ApiError } from "../local-app.ts";
import { COMPUTE_ENV_BODY, COMPUTE_ENV_UPDATE_BODY } from "./bodies.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { type ComputeEnv, isActive, newId, now, showLabel } from "./model.ts";
import { checkName, parseBody, parseQuery } from "./requests.ts";
import type { Store } from "./store.ts";

type ById = { Params: { id: string } };

/** What an environment's place in its organization and account adds to its description. */
export interface Place {
  organizationId: number;
  workspaceName: string;
  awsAccountId: string;
}

/** Adds the routes. */
export function computeEnvRoutes(
  app: FastifyInstance,
  store: Store,
  lifecycle: Lifecycle,
  place: Place,
): void {
  app.get("/compute-envs", (request) => {
    const { workspaceId, status, attributes } = parseQuery(request.query);
    const envs = store
      .computeEnvs(workspaceId)
      .filter((env) => status === undefined || env.status === status);
    return {
      computeEnvs: envs.map((env) => ({
        ...showEntry(env, place),
        labels: wants(attributes, "labels") ? labelsOf(store, env) : null,
      })),
    };
  });

  app.post("/compute-envs", (request) => {
    const { workspaceId } = parseQuery(request.query);
    const { computeEnv, labelIds = [] } = parseBody(COMPUTE_ENV_BODY, request.body);
    checkFree(store, workspaceId, computeEnv.name);
    store.credentialsById(computeEnv.credentialsId, workspaceId);
    const unknown = labelIds.find((id) => !store.labels(workspaceId).some((label) => label.id === id));
    if (unknown !== undefined) throw new ApiError(400, `Unknown label id ${unknown}`);
    const at = now();
    const env: ComputeEnv = {
      ...computeEnv,
      config: { ...computeEnv.config, volumes: computeEnv.config.volumes ?? [] },
      id: newId(),
      workspaceId,
      labelIds,
      status: "CREATING",
      primary: false,
      dateCreated: at,
      lastUpdated: at,
    };
    store.state.computeEnvs.push(env);
    lifecycle.create(env);
    return { computeEnvId: env.id };
  });

  app.get("/compute-envs/validate", async (request, reply) => {
    const { workspaceId, name } = parseQuery(request.query);
    checkFree(store, workspaceId, checkName(name));
    return reply.code(204).send();
  });

  app.get<ById>("/compute-envs/:id", (request) => {
    const { workspaceId, attributes } = parseQuery(request.query);
    const { labelIds: _labels, ...env } = store.anyComputeEnvById(request.params.id, workspaceId);
    const labels = labelsOf(store, { workspaceId, labelIds: _labels });
    return {
      computeEnv: {
        ...env,
        ...(wants(attributes, "labels") ? { labels } : {}),
        orgId: place.organizationId,
        awsAccountId: place.awsAccountId,
        deleted: env.status === "DELETED",
      },
    };
  });

  app.put<ById>("/compute-envs/:id", async (request, reply) => {
    const { workspaceId } = parseQuery(request.query);
    const env = store.computeEnvById(request.params.id, workspaceId);
    const wanted = parseBody(COMPUTE_ENV_UPDATE_BODY, request.body);
    if (wanted.name !== undefined && wanted.name !== env.name) checkFree(store, workspaceId, wanted.name);
    if (wanted.credentialsId !== undefined) store.credentialsById(wanted.credentialsId, workspaceId);
    env.name = wanted.name ?? env.name;
    env.description = wanted.description ?? env.description;
    env.credentialsId = wanted.credentialsId ?? env.credentialsId;
    env.lastUpdated = now();
    return reply.code(204).send();
  });

  app.delete<ById>("/compute-envs/:id", async (request, reply) => {
    const { workspaceId, force } = parseQuery(request.query);
    const env = store.computeEnvById(request.params.id, workspaceId);
    if (force === true) {
      if (!["ERRORED", "INVALID", "DELETING"].includes(env.status))
        throw new ApiError(400, `Force delete is not allowed while '${env.name}' is ${env.status}`);
      lifecycle.discard(env);
      return reply.code(204).send();
    }
    if (env.status === "DELETING")
      throw new ApiError(409, `Compute environment '${env.name}' is being deleted`);
    const running = store.runs(workspaceId).filter((run) => run.computeEnvId === env.id && isActive(run));
    if (running.length > 0)
      throw new ApiError(409, `Compute environment '${env.name}' has ${running.length} active run(s)`);
    lifecycle.remove(env);
    return reply.code(204).send();
  });
}

function showEntry(env: ComputeEnv, place: Place): object {
  const { id, name, description, platform, status, message, lastUsed, primary, credentialsId, config } = env;
  const { region, workDir, fusion2Enabled, waveEnabled } = config;
  const shown = { id, name, description, platform, status, message, lastUsed, primary, credentialsId };
  const { workspaceName } = place;
  return { ...shown, region, workDir, fusion2Enabled, waveEnabled, workspaceName, visibility: "PRIVATE" };
}

function checkFree(store: Store, workspaceId: number | undefined, name: string): void {
  if (store.computeEnvs(workspaceId).some((env) => env.name === name))
    throw new ApiError(409, `A compute environment named '${name}' already exists in this workspace`);
}

function wants(attributes: string | string[] | undefined, attribute: string): boolean {
  return [attributes ?? []].flat().join(",").split(",").includes(attribute);
}

function labelsOf(store: Store, env: Pick<ComputeEnv, "workspaceId" | "labelIds">): object[] {
  const labels = store.labels(env.workspaceId);
  return labels.filter((label) => env.labelIds.includes(label.id)).map(showLabel);
}
