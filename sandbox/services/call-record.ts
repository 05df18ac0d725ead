/** What the services were asked. */
import type { Caller } from "./callers.ts";
import type { ServiceName } from "./service.ts";

/** One call a service has received. */
export interface Call {
  /** Counts from 1, over all services, in order of arrival. */
  n: number;
  service: ServiceName;
  method: string;
  /** With its query; values of query parameters that may be secret are replaced. */
  path: string;
  /** HTTP status that was sent; 0 while, or because, there was no answer. */
  status: number;
  /** Time of arrival, ISO 8601. */
  at: string;
  /** Set where the sandbox itself has called. */
  by?: Caller;
}

/** The oldest calls are forgotten beyond this many: a prober asks several times a second for hours. */
const RECORDED_CALLS = 20_000;

/** Every call so far, oldest first. */
export class CallRecord {
  readonly calls: Call[] = [];
  #count = 0;

  /** @returns the entry, whose `status` is filled in later */
  add(call: Omit<Call, "n" | "at">): Call {
    const entry = { n: ++this.#count, ...call, at: new Date().toISOString() };
    this.calls.push(entry);
    if (this.calls.length > RECORDED_CALLS) this.calls.shift();
    return entry;
  }
}

/** Presigned URLs carry signatures and session tokens in their query. */
export function withoutSecrets(path: string): string {
  return path.replace(
    /([?&][^=&]*(?:signature|credential|token|secret|password)[^=&]*=)[^&]*/gi,
    (_match, name: string) => `${name}***`,
  );
}
