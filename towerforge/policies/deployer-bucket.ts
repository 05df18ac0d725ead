import type { Grant } from "./grant.ts";

/** What the deployer's rights on the work bucket are made for. */
export interface DeployerBucketArgs {
  /** The work bucket's ARN. */
  bucketArn: string;
  /** A bucket that is imported is looked at, and never changed. */
  bucketMode: "import" | "create";
}

const S3_SOURCE = "https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/s3";

/** The work bucket. Neither mode ever removes it, nor a setting of it. */
export function bucketGrants({ bucketArn, bucketMode }: DeployerBucketArgs): Grant[] {
  const resources = [bucketArn];
  const look: Grant = {
    sid: "DeployerBucket",
    actions: {
      "s3:ListBucket": "is it there: the import, and each refresh",
      "s3:GetAccelerateConfiguration": "the provider reads each setting of a bucket, on import and refresh",
      "s3:GetBucketAcl": "the same",
      "s3:GetBucketCORS": "the same",
      "s3:GetBucketLogging": "the same",
      "s3:GetBucketObjectLockConfiguration": "the same",
      "s3:GetBucketPolicy": "the same",
      "s3:GetBucketRequestPayment": "the same",
      "s3:GetBucketTagging": "the same, where S3 Control does not answer",
      "s3:GetBucketVersioning": "the same",
      "s3:GetBucketWebsite": "the same",
      "s3:GetEncryptionConfiguration": "the same",
      "s3:GetLifecycleConfiguration": "the same",
      "s3:GetReplicationConfiguration": "the same",
      "s3:ListTagsForResource": "the same: its tags, by S3 Control",
    },
    source: S3_SOURCE,
    resources,
  };
  const make: Grant = {
    sid: "DeployerBucketMade",
    actions: {
      "s3:CreateBucket": "bucketMode create",
      "s3:TagResource": "it is made with tags",
      "s3:PutBucketTagging": "the same, where it could not be made with them",
      "s3:PutBucketPublicAccessBlock": "nothing in it can be made public",
      "s3:GetBucketPublicAccessBlock": "refresh",
      "s3:PutEncryptionConfiguration": "its objects are encrypted",
      "s3:PutBucketPolicy": "it answers over TLS only",
    },
    source: S3_SOURCE,
    resources,
  };
  return bucketMode === "create" ? [look, make] : [look];
}
