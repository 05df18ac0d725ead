/** The control API of the running services: loopback only, and only for who can read services.json. */
import { timingSafeEqual } from "node:crypto";
import fastify, { type FastifyInstance } from "fastify";
import { z } from "zod";
import { PLUGINS, type PluginName } from "../environment.ts";
import type { Probed } from "../prober.ts";
import type { FaultInjector, FaultRule } from "./faults.ts";
import { DEPLOYED } from "./aws/deployer.ts";
import type { Inspection } from "./inspect.ts";
import { bearerToken } from "./local-app.ts";

/** What can be changed while the services run; what is left out stays as it is. */
export const SETTINGS = z.strictObject({
  /** Seconds in which AWS does not know a new access key yet. */
  newKeySeconds: z.number().min(0).optional(),
  /** Seconds a new compute environment stays CREATING. */
  envSeconds: z.number().min(0).optional(),
  /** Name and reason of compute environments that are to end ERRORED; null takes it back. */
  erroredEnvs: z.record(z.string(), z.string().nullable()).optional(),
  /** The stack that the infrastructure credentials may deploy. @default an administrator's, in a new world */
  deployed: DEPLOYED.optional(),
});
export type Settings = z.infer<typeof SETTINGS>;

const PID = z.object({ pid: z.int().min(2).nullable() });

/** Secrets of the seed that clients need. */
export interface ClientSecrets {
  awsAccessKeyId: string;
  awsSecretAccessKey: string;
  platformToken: string;
  githubToken: string;
  connectToken: string;
}

/** Everything `GET /status` answers. */
export interface Status extends Inspection {
  prober: Probed;
  faults: readonly FaultRule[];
}

/** What the control API works on. */
export interface Controlled {
  faults: FaultInjector;
  inspect(): Promise<Inspection>;
  probed(): Probed;
  resetProber(): void;
  secrets(): ClientSecrets;
  apply(settings: Settings): Promise<void>;
  /** Starts those stand-in plugins that do not run yet. @returns the ports of all that run */
  needPlugins(names: PluginName[]): Promise<Partial<Record<PluginName, number>>>;
  /** The services end once this process has ended; null lets them run on. */
  hold(pid: number | null): void;
  save(): Promise<void>;
  /** Saves, and ends everything. */
  shutdown(): void;
}

/** Makes the API; the caller listens. */
export function makeControl(token: string, controlled: Controlled): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  const expected = Buffer.from(token);
  app.addHook("onRequest", async (request, reply) => {
    const given = Buffer.from(bearerToken(request.headers.authorization) ?? "");
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    return reply.code(401).send({ message: "This API takes the token of services.json" });
  });
  app.setErrorHandler((error: Error, _request, reply) =>
    reply.code(error instanceof z.ZodError ? 400 : 500).send({ message: error.message }),
  );

  app.get("/health", async () => ({ pid: process.pid }));
  app.get("/status", async (): Promise<Status> => {
    const seen = await controlled.inspect();
    return { ...seen, prober: controlled.probed(), faults: controlled.faults.rules };
  });
  app.get("/secrets", async () => controlled.secrets());
  app.get("/faults", async () => controlled.faults.rules);
  app.post("/faults", async (request, reply) => {
    const rules = Array.isArray(request.body) ? request.body : [request.body];
    try {
      for (const rule of rules) controlled.faults.add(rule as FaultRule);
    } catch (error) {
      return reply.code(400).send({ message: (error as Error).message });
    }
    return controlled.faults.rules;
  });
  app.delete("/faults", async () => {
    controlled.faults.clear();
    return [];
  });
  app.get("/calls", async (request) => {
    const query = z.object({ after: z.coerce.number().default(0), service: z.string().optional() });
    const { after, service } = query.parse(request.query);
    return controlled.faults.calls.filter(
      (call) => call.n > after && (service === undefined || call.service === service),
    );
  });
  app.post("/settings", async (request) => {
    await controlled.apply(SETTINGS.parse(request.body));
    return {};
  });
  app.post("/plugins", async (request) =>
    controlled.needPlugins(z.array(z.enum(PLUGINS)).parse(request.body)),
  );
  app.post("/engine", async (request) => {
    controlled.faults.engine = PID.parse(request.body).pid ?? undefined;
    return {};
  });
  app.post("/hold", async (request) => {
    controlled.hold(PID.parse(request.body).pid);
    return {};
  });
  app.delete("/prober", async () => {
    controlled.resetProber();
    return controlled.probed();
  });
  app.post("/save", async () => {
    await controlled.save();
    return {};
  });
  app.post("/shutdown", async (_request, reply) => {
    reply.raw.once("close", () => controlled.shutdown());
    return {};
  });
  return app;
}
