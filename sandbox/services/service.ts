/** What every local service of the sandbox has in common, so that the daemon can start, save and stop them alike. */
import type { FaultInjector } from "./faults.ts";
import type { Seed } from "./seed.ts";

/** The outside services the sandbox answers for. */
export type ServiceName = "aws" | "platform" | "onepassword" | "github" | "sso";

/** What each service is started with. */
export interface ServiceOptions {
  /** Port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number;
  /** What an earlier {@link Service.snapshot} gave; the service goes on from there. @default a fresh world from the seed */
  saved?: unknown;
  /** Faults on request, and the record of calls; shared by all services of one world. */
  faults: FaultInjector;
  /** Names, accounts and tokens of the world. */
  seed: Seed;
}

/** A running service. */
export interface Service {
  name: ServiceName;
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  url: string;
  /** The whole state as plain JSON, secrets included: whoever writes it to a disk encrypts it. */
  snapshot(): Promise<unknown>;
  /** Takes a snapshot's state in place of its own, and goes on listening; the snapshot must be of the same world's seed. */
  restore(saved: unknown): Promise<void>;
  /** Stops listening and ends open connections, hanging ones too. */
  close(): Promise<void>;
}
