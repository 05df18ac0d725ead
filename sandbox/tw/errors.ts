/** What can go wrong in `tw`, and the line it prints about it. */
import type { CommandSpec } from "./parser/spec.ts";

/** An error whose text is printed as it stands. Exit code 1. */
export class TowerError extends Error {}

/** The Platform answered with a status outside 2xx. Exit code 1. */
export class ApiError extends Error {
  readonly status: number;
  /** The answer's text; undefined when it had none. */
  readonly body: string | undefined;

  constructor(status: number, body: string | undefined) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** No answer: name not resolved, connection refused or closed, TLS failure. Exit code 1. */
export class ConnectionError extends Error {}

/** The arguments do not fit the command. Exit code 2. */
export class UsageError extends Error {
  readonly path: readonly CommandSpec[];

  constructor(message: string, path: readonly CommandSpec[]) {
    super(message);
    this.path = path;
  }
}

/** The text after ` ERROR: `. `null` and `error` are what the real program prints when the Platform gave no reason. */
export function errorText(error: unknown): string {
  if (error instanceof TowerError) return error.message;
  if (error instanceof ConnectionError) {
    return "Connection error. Check the connection using the command 'tw info'.";
  }
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.status === 401) {
    return "Unauthorized. Check your access token, workspace id and tower server url.";
  }
  return error.body === undefined ? "error" : reason(error.body);
}

function reason(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return body;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return body;
  const message = "message" in parsed ? parsed.message : undefined;
  return typeof message === "string" ? message : JSON.stringify(message ?? null);
}
