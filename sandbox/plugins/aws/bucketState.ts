/**
 * What a bucket has that this resource only reads. The real one needs the right to read each of these, and fails
 * without it, so all are read; of those that no program here looks at, nothing is reported.
 */
import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import type { Props } from "../kit/values.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { encryptionRules } from "./encryption.ts";

/** @returns versioning, CORS, lifecycle, encryption and object lock in the shape of the resource's outputs */
export async function unmanagedSettings(session: AwsSession, name: string): Promise<Props> {
  const s3 = session.s3();
  const doing = `reading S3 Bucket (${name})`;
  const target = { Bucket: name };
  const [versioning, cors, lifecycle, encryption, lock] = await Promise.all([
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
    unless(
      ["ObjectLockConfigurationNotFoundError"],
      send(`${doing} object lock configuration`, s3, new GetObjectLockConfigurationCommand(target)),
    ),
    unless(["NoSuchBucketPolicy"], send(`${doing} policy`, s3, new GetBucketPolicyCommand(target))),
    unless(
      ["NoSuchWebsiteConfiguration"],
      send(`${doing} website configuration`, s3, new GetBucketWebsiteCommand(target)),
    ),
    unless(
      ["ReplicationConfigurationNotFoundError"],
      send(`${doing} replication configuration`, s3, new GetBucketReplicationCommand(target)),
    ),
    send(`${doing} ACL`, s3, new GetBucketAclCommand(target)),
    send(`${doing} logging`, s3, new GetBucketLoggingCommand(target)),
    send(`${doing} accelerate configuration`, s3, new GetBucketAccelerateConfigurationCommand(target)),
    // moto takes this one for a listing of objects.
    send(`${doing} request payment configuration`, s3, new GetBucketRequestPaymentCommand(target)),
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
    objectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
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
