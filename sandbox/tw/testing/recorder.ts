/** A Platform that writes down what it is asked and gives the answers a test has laid out, and no other. */
import fastify from "fastify";

/** One request as it came. */
export interface Recorded {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed; undefined when there was none. */
  body: unknown;
}

/** Answer with another status than 200, or a body that is not JSON. */
export class Answer {
  readonly status: number;
  readonly body: string | object | undefined;

  constructor(status: number, body?: string | object) {
    this.status = status;
    this.body = body;
  }
}

/** A function makes the answer from the request; a list gives one answer a time, the last for ever. */
export type Answers = Record<string, object | Answering>;

/** Makes an answer. */
export type Answering = (request: Recorded) => object;

/** A running recorder. */
export interface Recorder {
  url: string;
  requests: Recorded[];
  /** `METHOD /path?query` of each request so far. */
  lines: () => string[];
  close: () => Promise<void>;
}

/** @param answers by `METHOD /path`, without the query; anything else is answered 501 */
export async function record(answers: Answers): Promise<Recorder> {
  const app = fastify({ forceCloseConnections: true });
  const requests: Recorded[] = [];
  const asked = new Map<string, number>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));
  app.all("*", async (request, reply) => {
    const { method, url, headers } = request;
    const text = typeof request.body === "string" ? request.body : "";
    const recorded = {
      method,
      path: url,
      headers,
      body: text === "" ? undefined : (JSON.parse(text) as unknown),
    };
    requests.push(recorded);
    const key = `${method} ${url.split("?")[0]}`;
    const count = asked.get(key) ?? 0;
    asked.set(key, count + 1);
    const laid = answers[key] ?? new Answer(501, { message: `No answer for ${key}` });
    const listed = Array.isArray(laid) ? (laid[Math.min(count, laid.length - 1)] as object) : laid;
    const answer: unknown = typeof listed === "function" ? (listed as Answering)(recorded) : listed;
    if (!(answer instanceof Answer)) return reply.send(answer);
    if (typeof answer.body === "string") reply.type("text/plain");
    return reply.code(answer.status).send(answer.body);
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const lines = () => requests.map(({ method, path }) => `${method} ${path}`);
  return { url, requests, lines, close: () => app.close() };
}

/** The two answers that find workspace 222, `nf-core/AWSmegatests`. */
export const WORKSPACE_ANSWERS = {
  "GET /user-info": { user: { id: 7, userName: "ci" } },
  "GET /user/7/workspaces": {
    orgsAndWorkspaces: [
      { orgId: 1, orgName: "nf-core", workspaceId: null, workspaceName: null },
      { orgId: 1, orgName: "nf-core", workspaceId: 222, workspaceName: "AWSmegatests" },
    ],
  },
} satisfies Answers;

/** The requests those take. */
export const WORKSPACE_LINES = ["GET /user-info", "GET /user/7/workspaces"];
