import ky, { HTTPError, type KyInstance } from "ky";
import { z } from "zod";
import { Fault } from "./fault.ts";
import { callSecondsOf, type PlatformAddress } from "./request.ts";

/** One call of the Platform's API; what it answers is checked. */
export type Call = <T>(
  method: "get" | "post" | "put",
  path: string,
  shape: z.ZodType<T>,
  options?: { searchParams?: Record<string, string | number>; json?: unknown },
) => Promise<T>;

/** The Platform's refusal, or its silence. */
export class Unanswered extends Fault {
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  constructor(what: string, details: { got: string; mend: string }, status?: number) {
    super(what, details);
    this.status = status;
  }
}

/**
 * Calls that are safe to repeat, all of them: each try is given `callSeconds`, and up to five more follow with growing
 * pauses; `Retry-After` is obeyed up to a minute.
 */
export function caller(address: PlatformAddress, token: string): Call {
  const { endpoint } = address;
  const http: KyInstance = ky.create({
    prefixUrl: endpoint,
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    timeout: callSecondsOf(address) * 1000,
    retry: {
      limit: 5,
      methods: ["get", "post", "put"],
      statusCodes: [408, 429, 500, 502, 503, 504],
      maxRetryAfter: 60_000,
      backoffLimit: 10_000,
      jitter: true,
      retryOnTimeout: true,
    },
  });
  return async (method, path, shape, options = {}) => {
    const label = `${method.toUpperCase()} /${path}`;
    const answer = await http[method](path, options)
      .json()
      .catch(async (reason: unknown) => {
        throw await unanswered(label, endpoint, reason);
      });
    const parsed = shape.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new Fault(`Seqera Platform's answer to ${label} is not what its API describes.`, {
      got: z.prettifyError(parsed.error),
      allowed: "an answer as in API 1.187.0 or later",
    });
  };
}

async function unanswered(label: string, endpoint: string, reason: unknown): Promise<Error> {
  if (!(reason instanceof HTTPError))
    return new Unanswered(`Seqera Platform does not answer ${label}.`, {
      got: reason instanceof Error ? `${reason.message} (${endpoint})` : String(reason),
      mend: "pulumi up, once the Platform can be reached from here",
    });
  const { status } = reason.response;
  const body: unknown = await reason.response.json().catch(() => undefined);
  const message =
    z.object({ message: z.string() }).safeParse(body).data?.message ?? reason.response.statusText;
  return new Unanswered(
    `Seqera Platform refuses ${label}.`,
    {
      got: `${status} ${message}`.trim(),
      mend:
        status === 401 || status === 403
          ? "put a token with the workspace's Maintain or Admin role into the 1Password item of Seqera, then: pulumi up"
          : "pulumi up, once the Platform is well again",
    },
    status,
  );
}
