/** What the Platform does in its own time: forging and removing environments, probing keys. */
import type { Foundry } from "./foundry.ts";
import { type ComputeEnv, now } from "./model.ts";
import type { Store } from "./store.ts";
import type { Validator } from "./validation.ts";

/** Times of the Platform's own work. */
export interface LifecycleOptions {
  /** How long a new environment stays CREATING before Forge calls AWS. @default 1000 */
  creationMilliseconds?: number;
  /** How long an environment stays DELETING before Forge calls AWS. @default 500 */
  deletionMilliseconds?: number;
  /**
   * How long a deleted environment is still described as DELETED (`tw compute-envs delete --wait` polls for it);
   * lists leave it out at once, later its id is unknown. @default 60000
   */
  deletedMilliseconds?: number;
  /** Time between the Platform's own probes of all credentials. @default no probes of its own */
  probeEveryMilliseconds?: number;
}

/** Runs the background work on one store. */
export class Lifecycle {
  readonly #store: Store;
  readonly #validator: Validator;
  readonly #foundry: Foundry;
  readonly #options: LifecycleOptions;
  /** What is still to come; another set for each start. */
  #timers = new Set<NodeJS.Timeout>();
  /** What is under way, by environment. */
  #turns = new Map<ComputeEnv, Promise<void>>();
  #end = new AbortController();

  constructor(store: Store, validator: Validator, foundry: Foundry, options: LifecycleOptions) {
    this.#store = store;
    this.#validator = validator;
    this.#foundry = foundry;
    this.#options = options;
  }

  /** Takes up what a restart interrupted, and starts the Platform's own probes. */
  start(): void {
    this.#end = new AbortController();
    this.#timers = new Set();
    for (const env of this.#store.state.computeEnvs) {
      if (env.status === "CREATING") this.create(env);
      if (env.status === "DELETING") this.remove(env);
      if (env.status === "DELETED") this.#forget(env);
    }
    const every = this.#options.probeEveryMilliseconds;
    if (every !== undefined) this.#repeatProbes(every);
  }

  /** Stops everything that is still to come, and waits until what is under way has made its last call. */
  async close(): Promise<void> {
    this.#end.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#turns.values());
  }

  /** CREATING → AVAILABLE with forged resources, or ERRORED with AWS's words. */
  create(env: ComputeEnv): void {
    const plan = this.#store.state.plans[env.name] ?? {};
    if (env.config.forge !== undefined) void this.#foundry.load();
    const { creationMilliseconds = this.#options.creationMilliseconds ?? 1000 } = plan;
    this.#later(creationMilliseconds, () =>
      this.#inTurn(env, async (signal) => {
        if (env.status !== "CREATING") return;
        const refusal = plan.erroredReason ?? (await this.#foundry.make(env, signal));
        if (signal.aborted || env.status !== "CREATING") return;
        env.message = refusal;
        env.status = refusal === undefined ? "AVAILABLE" : "ERRORED";
        env.lastUpdated = now();
      }),
    );
  }

  /** DELETING → DELETED; ERRORED when what Forge made cannot be removed with the credentials. */
  remove(env: ComputeEnv): void {
    env.status = "DELETING";
    env.message = undefined;
    env.primary = false;
    env.lastUpdated = now();
    this.#later(this.#options.deletionMilliseconds ?? 500, () =>
      this.#inTurn(env, async (signal) => {
        const refusal = await this.#foundry.dispose(env, signal);
        if (signal.aborted || env.status !== "DELETING") return;
        if (refusal === undefined) return this.discard(env);
        env.status = "ERRORED";
        env.message = refusal;
        env.lastUpdated = now();
      }),
    );
  }

  /** Marks an environment DELETED without asking AWS. */
  discard(env: ComputeEnv): void {
    env.status = "DELETED";
    env.primary = false;
    env.lastUpdated = now();
    this.#forget(env);
  }

  #forget(env: ComputeEnv): void {
    this.#later(this.#options.deletedMilliseconds ?? 60_000, () => {
      const { computeEnvs } = this.#store.state;
      const at = computeEnvs.indexOf(env);
      if (at >= 0) computeEnvs.splice(at, 1);
    });
  }

  #repeatProbes(every: number): void {
    const timers = this.#timers;
    this.#later(every, async () => {
      await Promise.all(this.#store.state.credentials.map((entry) => this.#validator.credentials(entry)));
      // A restart meanwhile has begun its own.
      if (timers === this.#timers) this.#repeatProbes(every);
    });
  }

  /** One piece of work at a time for an environment: what is still being made is not removed. */
  #inTurn(env: ComputeEnv, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#end;
    const turn = (this.#turns.get(env) ?? Promise.resolve())
      .then(() => (signal.aborted ? undefined : work(signal)))
      .finally(() => {
        if (this.#turns.get(env) === turn) this.#turns.delete(env);
      });
    this.#turns.set(env, turn);
    return turn;
  }

  #later(milliseconds: number, work: () => void | Promise<void>): void {
    if (this.#end.signal.aborted) return;
    const timers = this.#timers;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void work();
    }, milliseconds);
    timers.add(timer);
  }
}
