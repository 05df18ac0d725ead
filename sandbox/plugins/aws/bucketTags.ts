/**
 * Tags of a bucket by S3's own calls. The real provider asks S3 Control first (ListTagsForResource, TagResource,
 * UntagResource) and S3 where it lacks that right; of S3 alone where it does not know the account, which is so
 * wherever skipRequestingAccountId is set, and so in every run against services on this machine.
 */
import {
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  PutBucketTaggingCommand,
  type Tag,
} from "@aws-sdk/client-s3";
import { sameValue } from "../kit/values.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import type { Tags } from "./tags.ts";

/** @returns the tags as they are */
export async function bucketTags(session: AwsSession, Bucket: string): Promise<Tag[]> {
  const command = new GetBucketTaggingCommand({ Bucket });
  const call = send(`listing tags for S3 (Simple Storage) Bucket (${Bucket})`, session.s3(), command);
  return (await unless(["NoSuchTagSet"], call))?.TagSet ?? [];
}

/** S3 knows only the whole set, so tags that are in neither `had` nor `wanted` are put again. */
export async function putBucketTags(
  session: AwsSession,
  Bucket: string,
  had: Tags,
  wanted: Tags,
): Promise<void> {
  const found = Object.fromEntries(
    (await bucketTags(session, Bucket)).map(({ Key, Value }) => [Key as string, Value ?? ""]),
  );
  const others = Object.entries(found).filter(([key]) => !(key in had) && !(key in wanted));
  const all = { ...Object.fromEntries(others), ...wanted };
  if (sameValue(found, all)) return;
  const TagSet = Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
  const command =
    TagSet.length > 0
      ? new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })
      : new DeleteBucketTaggingCommand({ Bucket });
  await send(`updating tags for S3 (Simple Storage) Bucket (${Bucket})`, session.s3(), command);
}
