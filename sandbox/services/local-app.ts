/** The HTTP frame the imitated services share: loopback only, faults first, errors in the service's own shape. */
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { FaultInjector } from "./faults.ts";
import type { ServiceName } from "./service.ts";

/** An error with the HTTP status it is answered with; thrown by handlers. */
export class ApiError extends Error {
  readonly statusCode: number;

  /** @param message is sent to the client: never a secret */
  constructor(statusCode: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.statusCode = statusCode;
  }
}

/** Writes an error as the imitated service would. */
export type SendError = (reply: FastifyReply, status: number, message: string) => unknown;

/** A Fastify instance with the injector's plugin, tolerant JSON and the service's error shape; add routes, then {@link listen}. */
export async function makeApp(
  service: ServiceName,
  faults: FaultInjector,
  sendError: SendError,
): Promise<FastifyInstance> {
  const app = fastify({
    // A hanging fault would otherwise keep close() waiting for ever.
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  });
  // Real clients announce JSON on requests without a body (`tw compute-envs primary set` does).
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body.length === 0 ? undefined : JSON.parse(String(body)));
    } catch {
      // The parser's own text would quote the body, which may hold a secret.
      done(new ApiError(400, "The request's body is not valid JSON"), undefined);
    }
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return sendError(reply.code(status), status, error.message);
  });
  await app.register(
    faults.plugin(service, {
      answer: (reply, status) => sendError(reply, status, `Fault injected by the sandbox: HTTP ${status}`),
    }),
  );
  return app;
}

/** Listens on 127.0.0.1. @returns the URL, without a trailing slash */
export async function listen(app: FastifyInstance, port = 0): Promise<string> {
  return app.listen({ host: "127.0.0.1", port });
}

/** The token of an `Authorization: Bearer …` header (`token …` is GitHub's older spelling). */
export function bearerToken(header: string | undefined): string | undefined {
  return /^(?:bearer|token)\s+(.*)$/i.exec(header ?? "")?.[1];
}
