/** `aws:s3/bucketVersioning:BucketVersioning` */
import {
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  type BucketVersioningStatus,
} from "@aws-sdk/client-s3";
import type { Props } from "../kit/values.ts";
import { bucketSetting } from "./bucketSetting.ts";
import { send } from "./send.ts";

/** Versioning of a bucket; once on, it can only be suspended. */
export const bucketVersioning = bucketSetting({
  properties: {
    versioningConfiguration: { required: true, same: (one, other) => statusOf(one) === statusOf(other) },
    expectedBucketOwner: { replaces: true },
    mfa: {},
  },
  put: async (session, Bucket, inputs) => {
    const Status = statusOf(inputs.versioningConfiguration) as BucketVersioningStatus | "Disabled";
    if (Status === "Disabled") return;
    const command = new PutBucketVersioningCommand({
      Bucket,
      MFA: inputs.mfa as string,
      VersioningConfiguration: { Status },
    });
    await send(`creating S3 Bucket Versioning (${Bucket})`, session.s3(), command);
  },
  get: async (session, Bucket, known) => {
    const doing = `reading S3 Bucket Versioning (${Bucket})`;
    const found = await send(doing, session.s3(), new GetBucketVersioningCommand({ Bucket }));
    const status = found.Status ?? "Disabled";
    const versioningConfiguration = { status, mfaDelete: found.MFADelete ?? "" };
    return { versioningConfiguration, expectedBucketOwner: known.expectedBucketOwner, mfa: known.mfa };
  },
  remove: async (session, Bucket, olds) => {
    if (statusOf(olds.versioningConfiguration) !== "Enabled") return;
    const command = new PutBucketVersioningCommand({
      Bucket,
      VersioningConfiguration: { Status: "Suspended" },
    });
    await send(`deleting S3 Bucket Versioning (${Bucket})`, session.s3(), command);
  },
});

function statusOf(configuration: unknown): unknown {
  return (configuration as Props | undefined)?.status;
}
