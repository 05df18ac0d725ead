/** The time in which AWS does not know a new access key, or a role's new trust, yet. moto knows it at once. */
import { z } from "zod";

/** Creation times, milliseconds since 1970: of access keys by id, of roles' trust by `role/NAME`. */
export const KEY_TIMES = z.record(z.string(), z.number());

/** Delays of new keys. */
export interface KeyDelays {
  /** Seconds until a new key is known. @default 2 */
  newKeySeconds?: number;
  /** The same for single services by signing name (`batch`, `s3`, `sts` …): a key is not known everywhere at once. @default none */
  perServiceSeconds?: Record<string, number>;
}

/** Remembers when keys were made, and says where they are not known yet. */
export class NewKeys {
  #times: Map<string, number>;
  /** Seconds until a new key is known where no other delay is set. */
  seconds: number;
  /** Seconds by signing name of the service. */
  perService: Record<string, number>;

  /** @param times of an earlier {@link NewKeys.times} */
  constructor(delays: KeyDelays, times: Record<string, number> = {}) {
    this.seconds = delays.newKeySeconds ?? 2;
    this.perService = delays.perServiceSeconds ?? {};
    this.#times = new Map(Object.entries(times));
  }

  /** Secrets of all keys made so far, by id, also of those whose answer never arrived: tests search for them. Never saved. */
  readonly secrets: Record<string, string> = {};

  /** The key exists from now on. */
  add(accessKeyId: string, secretAccessKey: string): void {
    this.#times.set(accessKeyId, Date.now());
    this.secrets[accessKeyId] = secretAccessKey;
  }

  /** The role's trust is another from now on. */
  addRole(name: string): void {
    this.#times.set(`role/${name}`, Date.now());
  }

  /** Whether a role is not assumed yet, because its trust is new. */
  refusedRole(arn: string): boolean {
    return this.refused(`role/${arn.split("/").at(-1)}`, "sts");
  }

  /** Whether the service still refuses the key because it is new. Keys it never heard of are moto's to judge. */
  refused(accessKeyId: string, service: string): boolean {
    const created = this.#times.get(accessKeyId);
    const seconds = this.perService[service] ?? this.seconds;
    return created !== undefined && Date.now() < created + seconds * 1000;
  }

  /** All creation times, to be saved. */
  get times(): Record<string, number> {
    return Object.fromEntries(this.#times);
  }

  set times(times: Record<string, number>) {
    this.#times = new Map(Object.entries(times));
  }
}
