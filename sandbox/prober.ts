/** Watches invariant 1: at every instant the key that Seqera Platform holds, or the role it works by, works in AWS. */
import { setTimeout as sleep } from "node:timers/promises";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { MARKS } from "./services/callers.ts";

/** An access key as the Platform holds it. */
export interface HeldKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A role that the Platform works by. */
export interface HeldRole {
  roleArn: string;
  credentialsId: string;
  /** Assumes it. @throws AWS's error */
  assume(): Promise<HeldKey & { sessionToken?: string }>;
}

/** A call that AWS refused although the Platform held that key, or worked by that role, before and after it. */
export interface Refusal {
  /** ISO 8601. */
  at: string;
  /** Id of the access key, or ARN of the role. */
  held: string;
  /** AWS's error code, such as `InvalidClientTokenId`. */
  error: string;
}

/** What a prober has seen since it was started. */
export interface Probed {
  calls: number;
  refused: Refusal[];
  /** Calls without an answer about the key: dropped connections, 5xx, throttling. */
  unanswered: number;
}

/** How a prober is started. */
export interface ProberOptions {
  /** Read anew for every round. */
  heldKeys: () => HeldKey[];
  /** The same. @default none */
  heldRoles?: () => HeldRole[];
  /** The AWS gateway's URL. */
  endpoint: string;
  region: string;
  /** Pause between rounds. @default 150 */
  milliseconds?: number;
  /** @default zero counts */
  saved?: Probed;
}

/** A running prober. */
export interface Prober {
  probed: Probed;
  /** Sets all counts to zero. */
  reset(): void;
  /** Calls nothing while the work lasts, for instance while another world takes this one's place. */
  rest<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Starts calling sts:GetCallerIdentity with each held key and by each role, round after round. */
export function startProber(options: ProberOptions): Prober {
  const { heldKeys, heldRoles = () => [], endpoint, region, milliseconds = 150 } = options;
  const probed: Probed = options.saved ?? { calls: 0, refused: [], unanswered: 0 };
  const ended = new AbortController();
  const clients = new Map<string, STSClient>();
  const made = { endpoint, region, maxAttempts: 1, customUserAgent: MARKS.prober };
  const clientOf = (key: HeldKey) => {
    const id = identity(key);
    const client = clients.get(id) ?? new STSClient({ ...made, credentials: key });
    clients.set(id, client);
    return client;
  };
  const ask = (client: STSClient) =>
    client.send(new GetCallerIdentityCommand(), { abortSignal: ended.signal });

  const probe = async (name: string, call: () => Promise<unknown>, isHeld: () => boolean) => {
    probed.calls++;
    try {
      await call();
    } catch (error) {
      if (ended.signal.aborted) return;
      const code = refusal(error);
      if (code === undefined) probed.unanswered++;
      else if (isHeld()) probed.refused.push({ at: new Date().toISOString(), held: name, error: code });
    }
  };
  const probeKey = (key: HeldKey) =>
    probe(
      key.accessKeyId,
      () => ask(clientOf(key)),
      () => heldKeys().some((held) => identity(held) === identity(key)),
    );
  const probeRole = ({ roleArn, credentialsId, assume }: HeldRole) =>
    probe(
      roleArn,
      async () => {
        const client = new STSClient({ ...made, credentials: await assume() });
        await ask(client).finally(() => client.destroy());
      },
      () => heldRoles().some((held) => held.roleArn === roleArn && held.credentialsId === credentialsId),
    );
  let resting = false;
  let round: Promise<unknown> = Promise.resolve();
  const rounds = (async () => {
    while (!ended.signal.aborted) {
      if (!resting) round = Promise.all([...heldKeys().map(probeKey), ...heldRoles().map(probeRole)]);
      await round;
      for (const [id, client] of clients)
        if (!heldKeys().some((key) => identity(key) === id)) {
          client.destroy();
          clients.delete(id);
        }
      await sleep(milliseconds, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();

  return {
    probed,
    reset: () => void Object.assign(probed, { calls: 0, refused: [], unanswered: 0 }),
    rest: async (work) => {
      resting = true;
      await round;
      return work().finally(() => (resting = false));
    },
    stop: async () => {
      ended.abort();
      await rounds;
      for (const client of clients.values()) client.destroy();
    },
  };
}

function identity({ accessKeyId, secretAccessKey }: HeldKey): string {
  return `${accessKeyId}\0${secretAccessKey}`;
}

/** @returns AWS's error code when it judged the key, undefined when it gave no judgement */
function refusal(error: unknown): string | undefined {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500 && status !== 429 ? name : undefined;
}
