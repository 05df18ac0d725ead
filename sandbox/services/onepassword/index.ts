/** Stand-in for a 1Password Connect server: reading vaults and items by its REST API, at /v1. */
import type { FastifyInstance } from "fastify";
import { ApiError, bearerToken, listen, makeApp, type SendError } from "../local-app.ts";
import type { Service, ServiceOptions } from "../service.ts";
import { filteredName } from "./filter.ts";
import { makeState, type OnePasswordState } from "./model.ts";

/** The running service, with what tests do in its process. Clients use `url` as Connect host. */
export interface OnePasswordService extends Service {
  /** Full reads of items so far, by title: 1Password counts and limits these, so a run should read each once. */
  reads(): Record<string, number>;
  /** Changes a field, as a person would. @throws Error when the item or the field does not exist */
  setField(title: string, label: string, value: string): void;
  /** Takes an item away. @throws Error when it does not exist */
  removeItem(title: string): void;
}

const VERSION = "1.7.3";
const ID = /^[a-z0-9]{26}$/;

const sendError: SendError = (reply, status, message) => reply.send({ status, message });

type InVault = { Params: { vault: string } };
type InItem = { Params: { vault: string; item: string } };

/** Starts 1Password Connect on 127.0.0.1. */
export async function startOnePassword(options: ServiceOptions): Promise<OnePasswordService> {
  const saved = options.saved as OnePasswordState | undefined;
  const state = structuredClone(saved) ?? makeState(options.seed);
  const reads = new Map<string, number>();

  const app = await makeApp("onepassword", options.faults, sendError);
  app.setNotFoundHandler((_request, reply) => sendError(reply.code(404), 404, "Not Found"));
  app.get("/heartbeat", async (_request, reply) => reply.type("text/plain").send("."));
  app.get("/health", () => ({
    name: "1Password Connect API",
    version: VERSION,
    dependencies: [{ service: "sqlite", status: "ACTIVE", message: "Connected to the sandbox" }],
  }));
  await app.register(
    (v1, _options, done) => {
      v1.addHook("preHandler", (request, reply, next) => {
        reply.header("1password-connect-version", VERSION);
        const token = bearerToken(request.headers.authorization);
        if (token === options.seed.connectToken) return next();
        next(new ApiError(401, token === undefined ? "Authentication: No Token" : "Invalid bearer token"));
      });
      v1.get("/activity", () => []);
      readRoutes(v1, state, (title) => reads.set(title, (reads.get(title) ?? 0) + 1));
      done();
    },
    { prefix: "/v1" },
  );
  const url = await listen(app, options.port);

  const itemTitled = (title: string) => {
    const item = state.items.find((entry) => entry.title === title);
    if (item === undefined) throw new Error(`The sandbox's 1Password has no item '${title}'`);
    return item;
  };
  return {
    name: "onepassword",
    url,
    snapshot: () => Promise.resolve(structuredClone(state)),
    restore: async (other) => {
      Object.assign(state, structuredClone(other) as OnePasswordState);
      reads.clear();
    },
    close: () => app.close(),
    reads: () => Object.fromEntries(reads),
    setField: (title, label, value) => {
      const item = itemTitled(title);
      const field = item.fields.find((entry) => entry.label === label);
      if (field === undefined) throw new Error(`The item '${title}' has no field '${label}'`);
      field.value = value;
      item.version += 1;
      item.updatedAt = new Date().toISOString();
    },
    removeItem: (title) => {
      const item = itemTitled(title);
      state.items = state.items.filter((entry) => entry !== item);
    },
  };
}

function readRoutes(v1: FastifyInstance, state: OnePasswordState, count: (title: string) => void): void {
  const showVault = () => ({
    ...state.vault,
    attributeVersion: 1,
    contentVersion: state.items.reduce((sum, item) => sum + item.version, 0),
    items: state.items.length,
    type: "USER_CREATED",
    updatedAt: state.vault.createdAt,
  });
  const checkVault = (id: string) => {
    if (!ID.test(id)) throw new ApiError(400, "Invalid Vault UUID");
    if (id !== state.vault.id) throw new ApiError(404, `Vault ${id} not found`);
  };

  v1.get("/vaults", (request) => {
    const name = filteredName(request.query);
    return name === undefined || name === state.vault.name ? [showVault()] : [];
  });
  v1.get<InVault>("/vaults/:vault", (request) => {
    checkVault(request.params.vault);
    return showVault();
  });
  v1.get<InVault>("/vaults/:vault/items", (request) => {
    checkVault(request.params.vault);
    const title = filteredName(request.query);
    const found = state.items.filter((item) => title === undefined || item.title === title);
    return found.map(({ fields: _fields, sections: _sections, ...summary }) => summary);
  });
  v1.get<InItem>("/vaults/:vault/items/:item", (request) => {
    checkVault(request.params.vault);
    const { item: id } = request.params;
    if (!ID.test(id)) throw new ApiError(400, "Invalid Item UUID");
    const item = state.items.find((entry) => entry.id === id);
    if (item === undefined) throw new ApiError(404, `Item ${id} not found`);
    count(item.title);
    return item;
  });
}
