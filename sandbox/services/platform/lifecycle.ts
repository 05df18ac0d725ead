/** What the Platform does in its own time: forging and removing environments, probing keys. */
import { type ComputeEnv, now } from "./model.ts";
import type { Store } from "./store.ts";
import type { Validator } from "./validation.ts";

/** Times of the Platform's own work. */
export interface LifecycleOptions {
  /** How long a new environment stays CREATING before Forge calls AWS. @default 1000 */
  creationMilliseconds?: number;
  /** How long an environment stays DELETING. @default 500 */
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
  readonly #options: LifecycleOptions;
  readonly #accountId: string;
  /** What is still to come; another set for each start. */
  #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(store: Store, validator: Validator, options: LifecycleOptions, accountId: string) {
    this.#store = store;
    this.#validator = validator;
    this.#options = options;
    this.#accountId = accountId;
  }

  /** Takes up what a restart interrupted, and starts the Platform's own probes. */
  start(): void {
    this.#closed = false;
    this.#timers = new Set();
    for (const env of this.#store.state.computeEnvs) {
      if (env.status === "CREATING") this.create(env);
      if (env.status === "DELETING") this.remove(env);
      if (env.status === "DELETED") this.#forget(env);
    }
    const every = this.#options.probeEveryMilliseconds;
    if (every !== undefined) this.#repeatProbes(every);
  }

  /** Stops everything that is still to come. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** CREATING → AVAILABLE with forged resources, or ERRORED with AWS's words. */
  create(env: ComputeEnv): void {
    const plan = this.#store.state.plans[env.name] ?? {};
    this.#later(plan.creationMilliseconds ?? this.#options.creationMilliseconds ?? 1000, async () => {
      const verdict = await this.#validator.forge(env);
      if (env.status !== "CREATING") return;
      const refusal = verdict.kind === "accepted" ? undefined : `Forge failed: ${verdict.message}`;
      env.message = plan.erroredReason ?? refusal;
      env.status = env.message === undefined ? "AVAILABLE" : "ERRORED";
      env.lastUpdated = now();
      if (env.status === "AVAILABLE" && env.config.forge !== undefined) this.#addForgedResources(env);
    });
  }

  /** DELETING → DELETED; ERRORED when what Forge made cannot be removed with the credentials. */
  remove(env: ComputeEnv): void {
    env.status = "DELETING";
    env.message = undefined;
    env.primary = false;
    env.lastUpdated = now();
    this.#later(this.#options.deletionMilliseconds ?? 500, async () => {
      const dispose = env.config.forge?.disposeOnDeletion === true;
      const verdict = dispose ? await this.#validator.forge(env) : ({ kind: "accepted" } as const);
      if (env.status !== "DELETING") return;
      if (verdict.kind === "accepted") return this.discard(env);
      env.status = "ERRORED";
      env.message = `Deletion failed: ${verdict.message}`;
      env.lastUpdated = now();
    });
  }

  /** Marks an environment DELETED without asking AWS. */
  discard(env: ComputeEnv): void {
    env.status = "DELETED";
    env.primary = false;
    env.lastUpdated = now();
    this.#forget(env);
  }

  #addForgedResources(env: ComputeEnv): void {
    const prefix = `TowerForge-${env.id}`;
    const role = (name: string) => ({ IamRole: `arn:aws:iam::${this.#accountId}:role/${prefix}-${name}` });
    const batch = (kind: string, name: string) =>
      `arn:aws:batch:${env.config.region}:${this.#accountId}:${kind}/${prefix}-${name}`;
    env.config.headQueue = `${prefix}-head`;
    env.config.computeQueue = `${prefix}-work`;
    env.config.forgedResources = [
      ...["ServiceRole", "ExecutionRole", "FleetRole", "FargateRole", "InstanceRole"].map(role),
      ...["head", "work"].map((name) => ({ BatchEnv: batch("compute-environment", name) })),
      ...["head", "work"].map((name) => ({ BatchQueue: batch("job-queue", name) })),
    ];
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

  #later(milliseconds: number, work: () => void | Promise<void>): void {
    if (this.#closed) return;
    const timers = this.#timers;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void work();
    }, milliseconds);
    timers.add(timer);
  }
}
