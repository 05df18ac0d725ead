/** Making and removing environments for one store: each with the credentials it is bound to when the work begins. */
import type { Commission } from "./forge/index.ts";
import { type ComputeEnv, now } from "./model.ts";
import type { PlatformAws } from "./session.ts";
import type { Store } from "./store.ts";
import type { Validator } from "./validation.ts";

/** The API's limit for an environment's message. */
const MESSAGE_LENGTH = 4096;

/** Forge, as the Platform's other parts see it. */
export class Foundry {
  readonly #store: Store;
  readonly #validator: Validator;
  readonly #aws: PlatformAws;

  constructor(store: Store, validator: Validator, aws: PlatformAws) {
    this.#store = store;
    this.#validator = validator;
    this.#aws = aws;
  }

  /** Its SDK clients take half a second to load: not when the services start, but while the first environment waits. */
  async load() {
    return import("./forge/index.ts");
  }

  /**
   * Makes what the environment consists of; one that brings its own queues only asks Batch.
   * @returns why not, in AWS's words
   */
  async make(env: ComputeEnv, signal: AbortSignal): Promise<string | undefined> {
    if (env.config.forge === undefined) {
      const verdict = await this.#validator.reach(env);
      return verdict.kind === "accepted" ? undefined : verdict.message;
    }
    const refusal = await this.#work(env, signal, async (commission) => {
      const { forge } = await this.load();
      Object.assign(env.config, await forge(this.#aws, commission));
    });
    return refusal === undefined ? undefined : `Forge failed: ${refusal}`;
  }

  /**
   * Removes it, where the environment's file says so.
   * @returns why not, in AWS's words
   */
  async dispose(env: ComputeEnv, signal: AbortSignal): Promise<string | undefined> {
    if (env.config.forge?.disposeOnDeletion !== true) return undefined;
    const refusal = await this.#work(env, signal, async (commission) => {
      const { dispose } = await this.load();
      await dispose(this.#aws, commission);
    });
    return refusal === undefined ? undefined : `Deletion failed: ${refusal}`;
  }

  async #work(
    env: ComputeEnv,
    signal: AbortSignal,
    work: (commission: Commission) => Promise<void>,
  ): Promise<string | undefined> {
    const held = this.#store.credentials(env.workspaceId);
    const credentials = held.find(({ id }) => id === env.credentialsId);
    if (credentials === undefined) return `Credentials '${env.credentialsId}' not found`;
    credentials.lastUsed = now();
    const labels = this.#store.labels(env.workspaceId).filter(({ id }) => env.labelIds.includes(id));
    const tags = labels.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
    try {
      await work({ env, keys: credentials.keys, tags: Object.fromEntries(tags), signal });
      return undefined;
    } catch (error) {
      return wordsOf(error).slice(0, MESSAGE_LENGTH);
    }
  }
}

/** AWS's errors are known by their names; Forge's own have none. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}
