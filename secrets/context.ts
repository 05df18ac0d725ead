/** The credentials a process works with: in memory only, several sets side by side, each task with its own. */
import { AsyncLocalStorage } from "node:async_hooks";
import { cleared, ended, missing } from "./context-faults.ts";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "./sources/source.ts";

/** The set that a stack's own AWS resources are made with. */
export const INFRASTRUCTURE = "infrastructure";

/** Where a set comes from: what gives it, each time anew. */
export type Load = () => Promise<AwsCredentialIdentity>;

/** Times, in milliseconds. */
export interface ContextOptions {
  /** How long what a source gave is used without asking it again. @default 15 minutes */
  ttl?: number;
  /**
   * How long before their end credentials are replaced.
   * @default 5 minutes: as long before as AWS's clients ask (EXPIRATION_MS of @smithy/core)
   */
  margin?: number;
  /** How long after a failed replacement the next one is tried, while the credentials still work. @default 30 seconds */
  pause?: number;
  /** @default Date.now */
  now?: () => number;
}

/** Named sets of credentials. */
export interface CredentialContext {
  /** Names a set, for the task that runs under it; what the name stood for is wiped. It is read when first asked for. */
  set(load: Load, name?: string): void;
  /**
   * The set's credentials, read anew where they end soon or are older than the TTL; many who ask wait for one reading.
   * @throws Fault naming the set where nothing has this name
   * @throws what its source throws
   */
  get(name?: string): Promise<AwsCredentialIdentity>;
  /** When the set's credentials end; undefined where they do not, or have not been read. */
  expiry(name?: string): Date | undefined;
  /** Wipes a set of this task, or all of them. */
  clear(name?: string): void;
  /** Runs work under other sets, in which the rest of the sets is as outside; wipes them when it ends, however it ends. */
  under<T>(sets: Record<string, Load>, work: () => Promise<T>): Promise<T>;
  /** For a client of AWS, which then works under the set that has this name here and now. */
  provider(name?: string): AwsCredentialIdentityProvider;
}

interface Held {
  load: Load;
  /** Undefined before the first reading. */
  identity?: AwsCredentialIdentity;
  readAt: number;
  triedAt: number;
  reading?: Promise<AwsCredentialIdentity>;
  wiped: boolean;
}

interface Scope {
  sets: Map<string, Held>;
  outer?: Scope;
}

/** A context with no set in it. */
export function makeContext(options: ContextOptions = {}): CredentialContext {
  const { ttl = 900_000, margin = 300_000, pause = 30_000, now = Date.now } = options;
  const root: Scope = { sets: new Map() };
  const scopes = new AsyncLocalStorage<Scope>();
  const here = () => scopes.getStore() ?? root;

  const find = (name: string): Held => {
    const names: string[] = [];
    for (let scope: Scope | undefined = here(); scope; scope = scope.outer) {
      const found = scope.sets.get(name);
      if (found) return found;
      names.push(...scope.sets.keys());
    }
    throw missing(name, names);
  };
  const ends = ({ identity }: Held) => identity?.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
  const due = (held: Held) =>
    !held.identity ||
    ends(held) <= now() ||
    ((ends(held) - margin <= now() || held.readAt + ttl <= now()) && held.triedAt + pause <= now());

  const read = async (held: Held, name: string): Promise<AwsCredentialIdentity> => {
    held.triedAt = now();
    try {
      const identity = await held.load();
      if (held.wiped) throw cleared(name);
      if (identity.expiration && identity.expiration.getTime() <= now())
        throw ended(name, identity.expiration);
      held.identity = identity;
      held.readAt = now();
    } catch (reason) {
      // What has not ended yet still works; a long piece of work is not to fail for a source that is away a while.
      if (held.wiped || !held.identity || ends(held) <= now()) throw reason;
    }
    return held.identity;
  };
  const use = async (held: Held, name: string): Promise<AwsCredentialIdentity> => {
    if (held.wiped) throw cleared(name);
    if (held.reading) return held.reading;
    if (held.identity && !due(held)) return held.identity;
    held.reading = read(held, name).finally(() => (held.reading = undefined));
    return held.reading;
  };

  const set = (load: Load, name = INFRASTRUCTURE) => {
    const { sets } = here();
    wipe(sets.get(name));
    sets.set(name, { load, readAt: 0, triedAt: Number.NEGATIVE_INFINITY, wiped: false });
  };

  return {
    set,
    get: async (name = INFRASTRUCTURE) => use(find(name), name),
    expiry: (name = INFRASTRUCTURE) => find(name).identity?.expiration,
    clear(name) {
      const { sets, outer } = here();
      for (const each of name === undefined ? [...sets.keys()] : [name]) {
        wipe(sets.get(each));
        // Inside, the name goes on to stand for what is gone: it must not turn into the set outside.
        if (!outer) sets.delete(each);
      }
    },
    async under(sets, work) {
      const scope: Scope = { sets: new Map(), outer: here() };
      try {
        return await scopes.run(scope, async () => {
          for (const [name, load] of Object.entries(sets)) set(load, name);
          return work();
        });
      } finally {
        // A task that outlives the work finds its sets wiped, not those outside.
        for (const held of scope.sets.values()) wipe(held);
      }
    },
    provider(name = INFRASTRUCTURE) {
      const held = find(name);
      return async () => {
        const identity = await use(held, name);
        // A client keeps what it was given until this time: without one, for ever.
        return { ...identity, expiration: new Date(Math.min(ends(held), held.readAt + ttl)) };
      };
    },
  };
}

function wipe(held: Held | undefined): void {
  if (!held) return;
  held.wiped = true;
  // It holds the sources, and by them the items of 1Password that were read.
  held.load = () => Promise.reject(new Error("wiped"));
  held.identity = undefined;
  held.reading = undefined;
}
