/** Who may ask, how often, and about which workspace. */
import type { FastifyInstance } from "fastify";
import { bearerToken } from "../local-app.ts";
import type { Seed } from "../seed.ts";
import { parseQuery } from "./requests.ts";

/** Refuses a wrong token (401), too many calls in one second (429), and a foreign workspace (403). */
export function addGate(app: FastifyInstance, seed: Seed, callsPerSecond: number | false): void {
  let recent: number[] = [];
  app.addHook("preHandler", async (request, reply) => {
    if (bearerToken(request.headers.authorization) !== seed.platformToken)
      return reply.code(401).send({ message: "Unauthorized" });
    const at = performance.now();
    recent = recent.filter((earlier) => earlier > at - 1000);
    if (callsPerSecond !== false && recent.length >= callsPerSecond)
      return reply
        .code(429)
        .header("retry-after", 1)
        .send({ message: `Rate limit of ${callsPerSecond} calls per second exceeded` });
    recent.push(at);
    const { workspaceId } = parseQuery(request.query);
    if (workspaceId !== undefined && workspaceId !== seed.workspaceId)
      return reply.code(403).send({ message: `Workspace '${workspaceId}' not found` });
  });
}
