/** One HTTP exchange on a connection of its own. */
import { request as plainRequest } from "node:http";
import { ConnectionError } from "./errors.ts";

/** What came back. */
export interface Answer {
  status: number;
  /** Undefined when there was none. */
  body: string | undefined;
}

/** As many as `java.net.HttpURLConnection` follows. */
const REDIRECTS = 20;

/**
 * Sends a request and waits for its answer, however long that takes. A GET follows redirects that keep the protocol;
 * the token goes along only on the same host.
 * @throws ConnectionError when there is no answer
 */
export async function exchange(
  method: string,
  url: URL,
  headers: Record<string, string>,
  body: string | undefined,
  redirects = REDIRECTS,
): Promise<Answer> {
  const request = url.protocol === "https:" ? (await import("node:https")).request : plainRequest;
  const { location, ...answer } = await new Promise<Answer & { location?: string }>((resolve, reject) => {
    const fail = (cause: Error) => reject(new ConnectionError(cause.message, { cause }));
    const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    const outgoing = request(url, { method, headers: { ...headers, ...length }, agent: false });
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const { statusCode = 0 } = incoming;
        resolve({ status: statusCode, body: text || undefined, location: incoming.headers.location });
      });
    });
    outgoing.end(body);
  });
  const moved = answer.status >= 300 && answer.status < 400 && location !== undefined && method === "GET";
  const target = moved ? new URL(location, url) : url;
  if (!moved || target.protocol !== url.protocol || redirects === 0) return answer;
  const { Authorization, ...open } = headers;
  const kept = target.host === url.host && Authorization !== undefined ? headers : open;
  return exchange(method, target, kept, body, redirects - 1);
}
