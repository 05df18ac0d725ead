/** The Platform's judgement of keys and environments by asking AWS, and how one refusal spreads. */
import { AwsProbe, type Verdict } from "./aws.ts";
import { type AwsKeys, type ComputeEnv, type Credentials, now } from "./model.ts";
import type { PlatformAws } from "./session.ts";
import type { Store } from "./store.ts";

/** What validation answers. */
export interface Validation<Status> {
  status: Status;
  /** AWS's words when it refused or could not be asked. */
  message: string | null;
  /** AWS could not be asked, and the status is what it was. */
  transientError: boolean;
}

/** What AWS's SDK does by default; a probe asks once, as each is one observation. */
const ATTEMPTS = 3;

/** Judges what is in one store. */
export class Validator {
  readonly #store: Store;
  readonly #probe: AwsProbe;

  constructor(store: Store, aws: PlatformAws) {
    this.#store = store;
    this.#probe = new AwsProbe(aws);
  }

  /** Probes AWS and keeps the verdict; INVALID spreads to every available environment, AVAILABLE heals none. */
  async credentials(credentials: Credentials): Promise<Validation<Credentials["status"]>> {
    const verdict = await this.#judge(credentials);
    return answer(credentials.status, verdict);
  }

  /** The API's pre-flight: the credentials first (their own status changes too), then Batch and the work directory. */
  async computeEnv(env: ComputeEnv): Promise<Validation<ComputeEnv["status"]>> {
    const verdict = await this.#check(env, async (credentials) => {
      const known = await this.#judge(credentials);
      if (known.kind !== "accepted") return known;
      const batch = await this.#probe.batch(credentials.keys, env.config);
      return batch.kind === "accepted" ? this.#probe.workDirectory(credentials.keys, env.config) : batch;
    });
    if (verdict.kind !== "transient" && (env.status === "AVAILABLE" || env.status === "INVALID")) {
      env.status = verdict.kind === "accepted" ? "AVAILABLE" : "INVALID";
      env.message = verdict.kind === "accepted" ? undefined : verdict.message;
      env.lastUpdated = now();
    }
    return answer(env.status, verdict);
  }

  /** May the environment's credentials work with Batch in its region? Asks again where AWS is down. */
  async reach(env: ComputeEnv): Promise<Verdict> {
    return this.#check(env, async (credentials) => {
      credentials.lastUsed = now();
      for (let attempt = 1; ; attempt++) {
        const verdict = await this.#probe.batch(credentials.keys, env.config);
        if (verdict.kind !== "transient" || attempt === ATTEMPTS) return verdict;
      }
    });
  }

  async #check(env: ComputeEnv, ask: (credentials: Credentials) => Promise<Verdict>): Promise<Verdict> {
    const credentials = this.#store
      .credentials(env.workspaceId)
      .find((entry) => entry.id === env.credentialsId);
    if (credentials !== undefined) return ask(credentials);
    return { kind: "rejected", message: `Credentials '${env.credentialsId}' not found` };
  }

  async #judge(credentials: Credentials): Promise<Verdict> {
    const keys: AwsKeys = credentials.keys;
    const verdict = await this.#probe.credentials(keys);
    // While AWS was asked the keys may have been replaced: a verdict on the old ones says nothing about the new.
    if (credentials.keys !== keys || verdict.kind === "transient") return verdict;
    credentials.lastValidated = now();
    credentials.status = verdict.kind === "accepted" ? "AVAILABLE" : "INVALID";
    credentials.message = verdict.kind === "accepted" ? undefined : verdict.message;
    if (verdict.kind === "rejected") this.#invalidateDependants(credentials);
    return verdict;
  }

  #invalidateDependants(credentials: Credentials): void {
    for (const env of this.#store.dependants(credentials.id)) {
      if (env.status !== "AVAILABLE") continue;
      env.status = "INVALID";
      env.message = `Credentials '${credentials.name}' are invalid: ${credentials.message}`;
      env.lastUpdated = now();
    }
  }
}

function answer<Status>(status: Status, verdict: Verdict): Validation<Status> {
  const message = verdict.kind === "accepted" ? null : verdict.message;
  return { status, message, transientError: verdict.kind === "transient" };
}
