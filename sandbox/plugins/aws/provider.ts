/**
 * Stand-in for the `aws` provider plugin: IAM users, keys, policies and roles, and S3 buckets, with the real one's
 * arguments, differences and errors, against services on this machine.
 */
import type { Provider } from "../kit/resource.ts";
import { installedVersion } from "../kit/version.ts";
import { accessKey } from "./accessKey.ts";
import { rolePolicyAttachment, userPolicyAttachment } from "./attachments.ts";
import { bucket } from "./bucket.ts";
import * as settings from "./bucketSettings.ts";
import { bucketVersioning } from "./bucketVersioning.ts";
import { functions } from "./functions.ts";
import { policy } from "./policy.ts";
import { role } from "./role.ts";
import { configure, type AwsSession } from "./session.ts";
import { user } from "./user.ts";

/** The `aws` stand-in. */
export const aws: Provider<AwsSession> = {
  name: "aws",
  version: installedVersion("@pulumi/aws"),
  configure: (variables) => configure(variables),
  resources: {
    "aws:iam/user:User": user,
    "aws:iam/policy:Policy": policy,
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": userPolicyAttachment,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
    "aws:iam/accessKey:AccessKey": accessKey,
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": settings.bucketPublicAccessBlock,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
      settings.bucketEncryption,
    "aws:s3/bucketPolicy:BucketPolicy": settings.bucketPolicy,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": settings.bucketOwnershipControls,
    "aws:s3/bucketVersioning:BucketVersioning": bucketVersioning,
  },
  functions,
};
