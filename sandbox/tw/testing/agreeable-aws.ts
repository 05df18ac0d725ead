/** An AWS that accepts every key, for tests of `tw` where the Platform's probes are not the point. */
import fastify, { type FastifyReply } from "fastify";

const IDENTITY =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

/** @returns its URL, and how to end it */
export async function startAgreeableAws(): Promise<{ url: string; close: () => Promise<void> }> {
  const app = fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));
  const xml = (reply: FastifyReply, body: string) => reply.type("text/xml").send(body);
  app.post("/", (_, reply) => xml(reply, IDENTITY));
  app.post("/v1/describecomputeenvironments", () => ({ computeEnvironments: [] }));
  app.get("/*", (_, reply) => xml(reply, "<ListBucketResult/>"));
  return { url: await app.listen({ port: 0, host: "127.0.0.1" }), close: () => app.close() };
}
