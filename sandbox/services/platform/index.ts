/** Stand-in for Seqera Platform: the part of its API that `tw`, seqerakit and this project use, at /api. */
import { listen, makeApp } from "../local-app.ts";
import type { Service, ServiceOptions } from "../service.ts";
import { accountRoutes, serviceInfoRoute } from "./account.ts";
import { computeEnvActionRoutes } from "./compute-env-actions.ts";
import { computeEnvRoutes } from "./compute-envs.ts";
import { credentialsRoutes } from "./credentials.ts";
import { Foundry } from "./foundry.ts";
import { addGate } from "./gate.ts";
import { makeHooks, type PlatformHooks } from "./hooks.ts";
import { labelRoutes } from "./labels.ts";
import { Lifecycle, type LifecycleOptions } from "./lifecycle.ts";
import { runRoutes } from "./runs.ts";
import type { PlatformAws } from "./session.ts";
import { Store } from "./store.ts";
import { Validator } from "./validation.ts";

export type { PlatformAws } from "./session.ts";
export type { HeldKey, HeldRole, PlatformHooks } from "./hooks.ts";
export type { ComputeEnv, ComputeEnvPlan, Run } from "./model.ts";

/** What the Platform needs beyond what every service does. */
export interface PlatformOptions extends LifecycleOptions {
  /** Where the Platform finds AWS, which it asks about every key it is given. */
  aws: PlatformAws;
  /** Calls a token may make in one second; false for no limit. @default 20 */
  callsPerSecond?: number | false;
  /** The token's role in the workspace; empty where the Platform tells none. @default owner */
  role?: string;
  /** What the API says its version is. @default what `tw` is content with */
  apiVersion?: string;
}

/** The running Platform. Clients use `${url}/api` as its API. */
export interface PlatformService extends Service, PlatformHooks {
  /** Ends the Platform's own work, calls to AWS included; {@link Service.restore} takes it up, as of the snapshot. */
  rest(): Promise<void>;
}

/** Starts the Platform on 127.0.0.1. */
export async function startPlatform(options: ServiceOptions & PlatformOptions): Promise<PlatformService> {
  const { seed } = options;
  const store = new Store(options.saved);
  const validator = new Validator(store, options.aws);
  const foundry = new Foundry(store, validator, options.aws);
  const lifecycle = new Lifecycle(store, validator, foundry, options);
  const place = {
    organizationId: seed.organizationId,
    workspaceName: seed.workspace,
    awsAccountId: seed.awsAccountId,
  };
  const app = await makeApp("platform", options.faults, (reply, _status, message) => reply.send({ message }));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: "Page not found" }));
  serviceInfoRoute(app, "/api/service-info", options.apiVersion);
  await app.register(
    (api, _options, done) => {
      addGate(api, seed, options.callsPerSecond ?? 20);
      accountRoutes(api, seed, options.role);
      credentialsRoutes(api, store, validator);
      computeEnvRoutes(api, store, lifecycle, place);
      computeEnvActionRoutes(api, store, validator);
      labelRoutes(api, store);
      runRoutes(api, store, place, seed.platformUser.userName);
      done();
    },
    { prefix: "/api" },
  );
  const url = await listen(app, options.port);
  lifecycle.start();
  return {
    name: "platform",
    url,
    snapshot: () => Promise.resolve(structuredClone(store.state)),
    rest: () => lifecycle.close(),
    restore: async (other) => {
      // What the former world's timers were to do is not for this one.
      await lifecycle.close();
      store.restore(other);
      lifecycle.start();
    },
    close: async () => {
      await lifecycle.close();
      await app.close();
    },
    ...makeHooks(store, lifecycle, options.aws),
  };
}
