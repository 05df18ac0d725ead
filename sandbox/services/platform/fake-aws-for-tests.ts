/** The three calls the Platform makes to AWS, answered by a list of keys: the smallest AWS its tests need. */
import { setTimeout as sleep } from "node:timers/promises";
import fastify from "fastify";

/** How a key fares. */
export type KeyState =
  "works" | "unknown" | "slowly-unknown" | "no-batch" | "no-bucket" | "throttled" | "down";

/** A running imitation. */
export interface FakeAws {
  endpoint: string;
  /** By access key id; a key that is not here is unknown. */
  keys: Map<string, KeyState>;
  /** `sts`, `batch` or `s3`, in the order they were asked. */
  asked: string[];
  close(): Promise<void>;
}

/** Starts it on 127.0.0.1. */
export async function startFakeAws(): Promise<FakeAws> {
  const keys = new Map<string, KeyState>();
  const asked: string[] = [];
  const app = fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.all("/*", async (request, reply) => {
    const header = request.headers.authorization ?? "";
    const [, key = "", service = ""] = /Credential=(\w+)\/\d+\/[^/]+\/(\w+)\//.exec(header) ?? [];
    asked.push(service);
    const state = keys.get(key) ?? "unknown";
    const refuse = (status: number, code: string, message: string) =>
      service === "batch"
        ? reply.code(status).header("x-amzn-errortype", code).send({ message })
        : reply
            .code(status)
            .type("text/xml")
            .send(
              service === "s3"
                ? `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
                : `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
            );
    if (state === "down") return refuse(503, "ServiceUnavailable", "down");
    if (state === "throttled") return refuse(400, "Throttling", "Rate exceeded");
    if (state === "slowly-unknown") await sleep(300);
    if (state === "unknown" || state === "slowly-unknown")
      return refuse(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    if (state === "no-batch" && service === "batch")
      return refuse(403, "AccessDeniedException", "not authorized to perform: batch:Describe");
    if (state === "no-bucket" && service === "s3") return refuse(403, "AccessDenied", "Access Denied");
    if (service === "batch") return { computeEnvironments: [] };
    const body =
      service === "s3"
        ? "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>"
        : "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>" +
          "</GetCallerIdentityResult></GetCallerIdentityResponse>";
    return reply.type("text/xml").send(body);
  });
  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  return { endpoint, keys, asked, close: () => app.close() };
}
