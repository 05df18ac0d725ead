/** What a bucket has that this resource only reports: the real one reads it too, as outputs. */
import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import type { Props } from "../kit/values.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { encryptionRules } from "./encryption.ts";

/** @returns versioning, CORS, lifecycle and encryption in the shape of the resource's outputs */
export async function unmanagedSettings(session: AwsSession, name: string): Promise<Props> {
  const s3 = session.s3();
  const doing = `reading S3 Bucket (${name})`;
  const target = { Bucket: name };
  const [versioning, cors, lifecycle, encryption] = await Promise.all([
    send(`${doing} versioning`, s3, new GetBucketVersioningCommand(target)),
    unless(["NoSuchCORSConfiguration"], send(`${doing} CORS`, s3, new GetBucketCorsCommand(target))),
    unless(
      ["NoSuchLifecycleConfiguration"],
      send(`${doing} lifecycle`, s3, new GetBucketLifecycleConfigurationCommand(target)),
    ),
    unless(
      ["ServerSideEncryptionConfigurationNotFoundError"],
      send(`${doing} encryption`, s3, new GetBucketEncryptionCommand(target)),
    ),
  ]);
  const [rule] = encryptionRules(encryption?.ServerSideEncryptionConfiguration?.Rules);
  return {
    versioning: { enabled: versioning.Status === "Enabled", mfaDelete: versioning.MFADelete === "Enabled" },
    corsRules: (cors?.CORSRules ?? []).map((found) => ({
      allowedHeaders: found.AllowedHeaders,
      allowedMethods: found.AllowedMethods,
      allowedOrigins: found.AllowedOrigins,
      exposeHeaders: found.ExposeHeaders,
      maxAgeSeconds: found.MaxAgeSeconds,
    })),
    lifecycleRules: (lifecycle?.Rules ?? []).map(lifecycleRule),
    serverSideEncryptionConfiguration: rule && { rule },
  };
}

function lifecycleRule(found: LifecycleRule): Props {
  return {
    id: found.ID,
    enabled: found.Status === "Enabled",
    prefix: found.Filter?.Prefix ?? found.Filter?.And?.Prefix ?? found.Prefix,
    abortIncompleteMultipartUploadDays: found.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    expiration: found.Expiration && { days: found.Expiration.Days },
    noncurrentVersionExpiration: found.NoncurrentVersionExpiration && {
      days: found.NoncurrentVersionExpiration.NoncurrentDays,
    },
    transitions: found.Transitions?.map(({ Days, StorageClass }) => ({
      days: Days,
      storageClass: StorageClass,
    })),
  };
}
