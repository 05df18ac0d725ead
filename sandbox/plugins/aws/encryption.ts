/** Encryption rules of a bucket, between the provider's words and S3's. */
import type { ServerSideEncryption, ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import { sameValue } from "../kit/values.ts";

/** One rule, in the provider's words. */
export interface EncryptionRule {
  applyServerSideEncryptionByDefault?: { sseAlgorithm: string; kmsMasterKeyId?: string };
  bucketKeyEnabled?: boolean;
}

/** @returns S3's rules in the provider's words */
export function encryptionRules(found: ServerSideEncryptionRule[] | undefined): EncryptionRule[] {
  return (found ?? []).map(({ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled }) => ({
    applyServerSideEncryptionByDefault: byDefault && {
      sseAlgorithm: byDefault.SSEAlgorithm as string,
      kmsMasterKeyId: byDefault.KMSMasterKeyID ?? "",
    },
    bucketKeyEnabled: BucketKeyEnabled ?? false,
  }));
}

/** @returns the provider's rules in S3's words */
export function fromEncryptionRules(rules: EncryptionRule[]): ServerSideEncryptionRule[] {
  return rules.map(({ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled }) => ({
    ApplyServerSideEncryptionByDefault: byDefault && {
      SSEAlgorithm: byDefault.sseAlgorithm as ServerSideEncryption,
      KMSMasterKeyID: byDefault.kmsMasterKeyId || undefined,
    },
    BucketKeyEnabled: bucketKeyEnabled,
  }));
}

/** Whether two lists of rules mean the same: what S3 fills in does not count. */
export function sameEncryptionRules(one: unknown, other: unknown): boolean {
  const words = (rules: unknown) => encryptionRules(fromEncryptionRules((rules ?? []) as EncryptionRule[]));
  return sameValue(JSON.parse(JSON.stringify(words(one))), JSON.parse(JSON.stringify(words(other))));
}
