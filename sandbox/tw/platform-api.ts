/**
 * Requests to the Platform as `tw` makes them: the same headers, no retry, no timeout, a plain-http address only with
 * `--insecure`. On `node:http` and not on `fetch`, which gives up after five minutes without an answer and adds headers.
 */
import { ApiError, ConnectionError, TowerError } from "./errors.ts";
import { type Answer, exchange } from "./exchange.ts";
import type { GlobalOptions } from "./session.ts";

/** The version this stands in for; the Platform sees it in User-Agent. */
export const VERSION = "0.38.0";

type Query = Record<string, string | number | boolean | undefined>;

/** The Platform's API. Every method throws ApiError for a status outside 2xx and ConnectionError without an answer. */
export class PlatformApi {
  readonly #options: GlobalOptions;
  readonly #log: (text: string) => void;
  #count = 0;

  /** @param log takes what `--verbose` prints: headers and bodies in clear, as the real program does */
  constructor(options: GlobalOptions, log: (text: string) => void) {
    this.#options = options;
    this.#log = log;
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.#call<T>("GET", path, query);
  }

  delete(path: string, query: Query = {}): Promise<unknown> {
    return this.#call("DELETE", path, query);
  }

  /** Without a body it is still announced as JSON, as the real program does. */
  post<T>(path: string, query: Query = {}, body?: object): Promise<T> {
    return this.#call<T>("POST", path, query, body === undefined ? "" : JSON.stringify(body));
  }

  put<T>(path: string, query: Query, body: object): Promise<T> {
    return this.#call<T>("PUT", path, query, JSON.stringify(body));
  }

  async #call<T>(method: string, path: string, query: Query, body?: string): Promise<T> {
    const { url, token, insecure } = this.#options;
    if (!insecure && !url.startsWith("https")) {
      throw new TowerError(
        `You are trying to connect to an insecure server: ${url}\n` +
          "        if you want to force the connection use '--insecure'. NOT RECOMMENDED!",
      );
    }
    if (token === undefined) {
      throw new TowerError(
        "Missing TOWER_ACCESS_TOKEN environment variable or 'tw -t <token> ...' parameter",
      );
    }
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: "application/json",
      "User-Agent": `tw/${VERSION} (java)`,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    };
    const target = address(url, path, query);
    this.#logRequest(method, target, headers, body);
    const answer = await exchange(method, target, headers, body);
    this.#logAnswer(answer);
    if (answer.status < 200 || answer.status > 299) throw new ApiError(answer.status, answer.body);
    if (answer.body === undefined) return undefined as T;
    try {
      return JSON.parse(answer.body) as T;
    } catch (cause) {
      throw new ConnectionError("The answer is not JSON", { cause });
    }
  }

  #logRequest(method: string, target: URL, headers: Record<string, string>, body?: string): void {
    if (!this.#options.verbose) return;
    const n = ++this.#count;
    const lines = Object.entries(headers).map(([name, value]) => `${n} > ${name}: ${value}`);
    const head = `INFO: ${n} * Sending client request on thread main\n${n} > ${method} ${target.href}`;
    this.#log(`${[head, ...lines].join("\n")}\n${body ? `${body}\n` : ""}\n`);
  }

  #logAnswer(answer: Answer): void {
    if (!this.#options.verbose) return;
    const n = this.#count;
    const head = `INFO: ${n} * Client response received on thread main\n${n} < ${answer.status}`;
    this.#log(`${head}\n${answer.body ? `${answer.body}\n` : ""}\n`);
  }
}

function address(base: string, path: string, query: Query): URL {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.append(name, String(value));
  }
  const search = parameters.size > 0 ? `?${parameters.toString()}` : "";
  try {
    return new URL(`${base.replace(/\/+$/, "")}${path}${search}`);
  } catch (cause) {
    throw new ConnectionError("Not an address", { cause });
  }
}
