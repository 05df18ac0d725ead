/** The Platform's own calls to AWS with the keys it holds: this is how a bad rotation shows. */
import { BatchClient, DescribeComputeEnvironmentsCommand } from "@aws-sdk/client-batch";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsBatchConfig, AwsKeys } from "./model.ts";
import { openSession, type PlatformAws, Rejection, STS_REGION, timeoutOf } from "./session.ts";

/** What AWS said. `transient` means that AWS could not be asked: no verdict on the key. */
export type Verdict = { kind: "accepted" } | { kind: "rejected" | "transient"; message: string };

/** Asks AWS about keys: once per call, no retries, so that one verdict is one observation. */
export class AwsProbe {
  readonly #aws: PlatformAws;

  constructor(aws: PlatformAws) {
    this.#aws = aws;
  }

  /** Are these keys known to AWS? (`sts:GetCallerIdentity`, which no policy can forbid) */
  async credentials(keys: AwsKeys): Promise<Verdict> {
    return verdict(async () => {
      const sts = new STSClient(await this.#settings(keys, STS_REGION));
      await sts.send(new GetCallerIdentityCommand({}), this.#send());
    });
  }

  /** May these keys work with Batch in the environment's region? */
  async batch(keys: AwsKeys, config: AwsBatchConfig): Promise<Verdict> {
    return verdict(async () => {
      const batch = new BatchClient(await this.#settings(keys, config.region));
      await batch.send(new DescribeComputeEnvironmentsCommand({}), this.#send());
    });
  }

  /** May these keys read the environment's work directory? */
  async workDirectory(keys: AwsKeys, config: AwsBatchConfig): Promise<Verdict> {
    return verdict(async () => {
      const { hostname: bucket, pathname } = new URL(config.workDir);
      const s3 = new S3Client({ ...(await this.#settings(keys, config.region)), forcePathStyle: true });
      const prefix = pathname.replace(/^\//, "");
      await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix || undefined, MaxKeys: 1 }),
        this.#send(),
      );
    });
  }

  #send(): { abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(timeoutOf(this.#aws)) };
  }

  async #settings(keys: AwsKeys, region: string) {
    return { ...(await openSession(this.#aws, keys)), region, maxAttempts: 1 };
  }
}

async function verdict(ask: () => Promise<void>): Promise<Verdict> {
  try {
    await ask();
    return { kind: "accepted" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof Rejection) return { kind: "rejected", message: error.message };
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    const throttled = /throttl|toomanyrequests|slowdown|limitexceeded/i.test(error.name);
    const answered = status !== undefined && status >= 400 && status < 500 && !throttled;
    const kind = answered && status !== 408 && status !== 429 ? "rejected" : "transient";
    return { kind, message: `${error.name}: ${error.message}`.slice(0, 4096) };
  }
}
