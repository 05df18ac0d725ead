/** `aws:s3/bucket:Bucket`, in the shape of version 7 */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  type BucketLocationConstraint,
} from "@aws-sdk/client-s3";
import type { ResourceType } from "../kit/resource.ts";
import { need, sameValue, type Props } from "../kit/values.ts";
import { unmanagedSettings } from "./bucketState.ts";
import { NO_BUCKET, send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { plannedTags, tagOutputs, tagsProperty, wantedTags } from "./tags.ts";

/**
 * A bucket. Its CORS, lifecycle, versioning and encryption are read, and left alone: they are arguments of resources
 * of their own, and the deprecated arguments for them here are refused.
 */
export const bucket: ResourceType<AwsSession> = {
  properties: {
    bucket: { computed: true, replaces: true },
    bucketPrefix: { computed: true, replaces: true },
    forceDestroy: { default: false },
    objectLockEnabled: { computed: true, replaces: true },
    region: { computed: true, replaces: true },
    tags: tagsProperty,
  },
  computed: [
    ...["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "tagsAll"],
    ...["corsRules", "lifecycleRules", "versioning", "serverSideEncryptionConfiguration"],
  ],
  autoname: "bucket",
  planned: plannedTags,

  async create({ session }, inputs) {
    const name = need(inputs, "bucket");
    // S3 takes its home region only by leaving it out.
    const LocationConstraint = session.region as BucketLocationConstraint;
    const command = new CreateBucketCommand({
      Bucket: name,
      CreateBucketConfiguration: session.region === "us-east-1" ? undefined : { LocationConstraint },
      ObjectLockEnabledForBucket: inputs.objectLockEnabled === true || undefined,
    });
    await send(`creating S3 Bucket (${name})`, session.s3(), command);
    await putTags(session, name, {}, inputs);
    return { id: name, outs: await outputs(session, name, inputs) };
  },

  async read({ session }, id, known) {
    const found = await findBucket(session, id);
    return found && outputs(session, id, known, found.BucketRegion);
  },

  async update({ session }, id, olds, news) {
    await putTags(session, id, olds, news);
    return outputs(session, id, { ...olds, ...news, tags: news.tags });
  },

  async delete({ session }, id, olds) {
    if (olds.forceDestroy === true) await empty(session, id);
    const call = send(`deleting S3 Bucket (${id})`, session.s3(), new DeleteBucketCommand({ Bucket: id }));
    await unless(NO_BUCKET, call);
  },
};

/** @returns what S3 says of the bucket, or undefined when there is none of that name */
export function findBucket(
  session: AwsSession,
  name: string,
): Promise<{ BucketRegion?: string } | undefined> {
  const command = new HeadBucketCommand({ Bucket: name });
  return unless(NO_BUCKET, send(`reading S3 Bucket (${name})`, session.s3(), command));
}

/** @returns the outputs that follow from a bucket's name and region */
export function bucketNames(name: string, region: string): Props {
  return {
    bucket: name,
    arn: `arn:aws:s3:::${name}`,
    bucketDomainName: `${name}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    bucketRegion: region,
    region,
  };
}

async function outputs(
  session: AwsSession,
  name: string,
  known: Props,
  region = session.region,
): Promise<Props> {
  const tagging = send(
    `reading S3 Bucket (${name}) tags`,
    session.s3(),
    new GetBucketTaggingCommand({ Bucket: name }),
  );
  const tags = (await unless(["NoSuchTagSet"], tagging))?.TagSet;
  return {
    ...bucketNames(name, region),
    bucketPrefix: known.bucketPrefix,
    forceDestroy: known.forceDestroy ?? false,
    objectLockEnabled: known.objectLockEnabled ?? false,
    ...(await unmanagedSettings(session, name)),
    ...tagOutputs(session, tags, known),
  };
}

/** S3 knows only the whole set of tags. */
async function putTags(session: AwsSession, name: string, olds: Props, news: Props): Promise<void> {
  if (sameValue(olds.tagsAll, plannedTags(session, news).tagsAll)) return;
  const TagSet = wantedTags(session, news);
  const command =
    TagSet.length > 0
      ? new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } })
      : new DeleteBucketTaggingCommand({ Bucket: name });
  await send(`updating tags for S3 Bucket (${name})`, session.s3(), command);
}

async function empty(session: AwsSession, name: string): Promise<void> {
  const doing = `emptying S3 Bucket (${name})`;
  for (;;) {
    const page = await unless(
      NO_BUCKET,
      send(doing, session.s3(), new ListObjectVersionsCommand({ Bucket: name })),
    );
    const entries = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    if (entries.length === 0) return;
    const Objects = entries.map(({ Key, VersionId }) => ({ Key: Key as string, VersionId }));
    await send(
      doing,
      session.s3(),
      new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }),
    );
  }
}
