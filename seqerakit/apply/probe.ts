import { BatchClient, DescribeComputeEnvironmentsCommand } from "@aws-sdk/client-batch";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import pRetry from "p-retry";
import { Fault } from "./fault.ts";
import type { CredentialsRequest } from "./request.ts";

/** An AWS access key. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A new key is known in some places before others: one good answer is not proof. */
const IN_A_ROW = 3;

/**
 * Waits until AWS knows the key everywhere it will be used: STS, Batch and S3 in the region, several times in a row.
 * @throws Fault at the limit, with AWS's last answer; the Platform has not been given the key then
 */
export async function probeKey(
  key: AccessKey,
  { region, bucket, awsEndpoints, keyProbeSeconds }: CredentialsRequest,
): Promise<void> {
  const client = (endpoint: string | undefined) => ({ region, credentials: key, endpoint, maxAttempts: 1 });
  const sts = new STSClient(client(awsEndpoints.sts));
  const batch = new BatchClient(client(awsEndpoints.batch));
  const s3 = new S3Client({ ...client(awsEndpoints.s3), forcePathStyle: awsEndpoints.s3 !== undefined });
  const limit = () => ({ abortSignal: AbortSignal.timeout(10_000) });
  const everywhere = async () => {
    for (let good = 0; good < IN_A_ROW; good++) {
      await sts.send(new GetCallerIdentityCommand({}), limit());
      await known(batch.send(new DescribeComputeEnvironmentsCommand({ maxResults: 1 }), limit()));
      await known(s3.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }), limit()));
    }
  };
  try {
    await pRetry(everywhere, {
      retries: Number.POSITIVE_INFINITY,
      factor: 1.5,
      minTimeout: 500,
      maxTimeout: 8000,
      randomize: true,
      maxRetryTime: keyProbeSeconds * 1000,
    });
  } catch (reason) {
    const { name, message } = reason as Error;
    throw new Fault("AWS does not answer the new access key everywhere; Seqera Platform keeps the old one.", {
      got: `${name}: ${message}`,
      allowed: `answers of STS, Batch and S3 within ${keyProbeSeconds} seconds`,
      mend: "pulumi up; or give AWS longer: pulumi config set AWSMegatests:keyProbeSeconds 300; if somebody has deleted the key: pulumi refresh --run-program, then: pulumi up",
    });
  }
}

/** A refusal for want of a right comes after the key was recognised; what it may do is for the Platform's checks. */
async function known(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (reason) {
    const { name } = reason as Error;
    if (name !== "AccessDenied" && name !== "AccessDeniedException") throw reason;
  }
}
