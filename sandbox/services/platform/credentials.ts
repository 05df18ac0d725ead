/** /credentials: held keys, updated in place, probed whenever they change. */
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { ApiError } from "../local-app.ts";
import { CREDENTIALS_BODY } from "./bodies.ts";
import { type AwsKeys, type Credentials, isActive, newId, now, showCredentials } from "./model.ts";
import { checkName, parseBody, parseQuery } from "./requests.ts";
import type { Store } from "./store.ts";
import type { Validator } from "./validation.ts";

type ById = { Params: { id: string } };

/** Adds the routes. */
export function credentialsRoutes(app: FastifyInstance, store: Store, validator: Validator): void {
  app.get("/credentials", (request) => {
    const { workspaceId, platformId } = parseQuery(request.query);
    const held = store.credentials(workspaceId).filter(() => platformId?.startsWith("aws-") ?? true);
    return { credentials: held.map(showCredentials) };
  });

  app.post("/credentials", async (request) => {
    const { workspaceId, useExternalId } = parseQuery(request.query);
    const { keys, ...named } = parseBody(CREDENTIALS_BODY, request.body).credentials;
    const at = now();
    const credentials: Credentials = {
      ...named,
      id: newId(),
      workspaceId,
      keys: mergeKeys(undefined, keys, useExternalId),
      status: "AVAILABLE",
      dateCreated: at,
      lastUpdated: at,
    };
    store.state.credentials.push(credentials);
    await validator.credentials(credentials);
    return { credentialsId: credentials.id };
  });

  app.get("/credentials/validate", async (request, reply) => {
    const { workspaceId, name } = parseQuery(request.query);
    const wanted = checkName(name);
    if (store.credentials(workspaceId).some((entry) => entry.name === wanted))
      throw new ApiError(409, `Credentials name '${wanted}' is already used in this workspace`);
    return reply.code(204).send();
  });

  app.get<ById>("/credentials/:id", (request) => {
    const { workspaceId } = parseQuery(request.query);
    return { credentials: showCredentials(store.credentialsById(request.params.id, workspaceId)) };
  });

  app.put<ById>("/credentials/:id", async (request, reply) => {
    const { workspaceId, useExternalId } = parseQuery(request.query);
    const credentials = store.credentialsById(request.params.id, workspaceId);
    const wanted = parseBody(CREDENTIALS_BODY, request.body).credentials;
    if (wanted.id !== undefined && wanted.id !== credentials.id)
      throw new ApiError(400, `The body's id '${wanted.id}' is not the path's '${credentials.id}'`);
    credentials.keys = mergeKeys(credentials.keys, wanted.keys, useExternalId);
    credentials.name = wanted.name;
    credentials.description = wanted.description ?? credentials.description;
    credentials.lastUpdated = now();
    await validator.credentials(credentials);
    return reply.code(204).send();
  });

  app.delete<ById>("/credentials/:id", async (request, reply) => {
    const { workspaceId, checked } = parseQuery(request.query);
    const credentials = store.credentialsById(request.params.id, workspaceId);
    const dependants = new Set(store.dependants(credentials.id).map((env) => env.id));
    const running = store
      .runs(workspaceId)
      .filter((run) => isActive(run) && dependants.has(run.computeEnvId));
    if (checked === true && running.length > 0) {
      const conflicts = running.map((run) => ({ id: run.id, name: run.runName, type: "workflow" }));
      return reply.code(409).send({ credentialsId: credentials.id, conflicts });
    }
    store.state.credentials = store.state.credentials.filter((entry) => entry !== credentials);
    return reply.code(204).send();
  });

  app.post<ById>("/credentials/:id/validate", async (request) => {
    const { workspaceId, force } = parseQuery(request.query);
    const credentials = store.credentialsById(request.params.id, workspaceId, 404);
    if (force !== true) return validator.credentials(credentials);
    if (credentials.status !== "INVALID")
      throw new ApiError(409, `Force rejected: credentials '${credentials.name}' are ${credentials.status}`);
    credentials.status = "AVAILABLE";
    credentials.message = undefined;
    return { status: credentials.status, message: null, transientError: false };
  });
}

/** The new keys over the held ones: a secret that is not sent stays, an external id stays. */
function mergeKeys(held: AwsKeys | undefined, sent: AwsKeys, useExternalId = false): AwsKeys {
  const { accessKey, assumeRoleArn } = sent;
  const hasRole = assumeRoleArn !== undefined;
  const mode = sent.mode ?? (accessKey === undefined && hasRole ? "role" : "keys");
  if (mode === "role" && !hasRole) throw new ApiError(400, "Mode 'role' needs assumeRoleArn");
  const secretKey = sent.secretKey || (held?.accessKey === accessKey ? held?.secretKey : undefined);
  if (mode === "keys" && (accessKey === undefined || secretKey === undefined))
    throw new ApiError(400, "Mode 'keys' needs accessKey and secretKey");
  const externalId = hasRole ? (held?.externalId ?? (useExternalId ? randomUUID() : undefined)) : undefined;
  const keys = mode === "keys" ? { accessKey, secretKey } : {};
  return { discriminator: "aws", mode, assumeRoleArn, externalId, ...keys };
}
