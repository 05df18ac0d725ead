/** `aws:s3/bucket:Bucket`, in the shape of version 7 */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  type BucketLocationConstraint,
  type CreateBucketConfiguration,
} from "@aws-sdk/client-s3";
import type { ResourceType } from "../kit/resource.ts";
import { need, sameValue, type Props } from "../kit/values.ts";
import { empty } from "./bucketContents.ts";
import { unmanagedSettings } from "./bucketState.ts";
import { bucketTags, putBucketTags } from "./bucketTags.ts";
import { AwsError, NO_BUCKET, send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { plannedTags, tagOutputs, tagsAtCreation, tagsProperty, type Tags } from "./tags.ts";

/** Where S3 answers as if it made the bucket anew when its owner has it already. */
const FORGIVING_REGION = "us-east-1";

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
    if (session.region === FORGIVING_REGION && (await findBucket(session, name).catch(() => undefined)))
      throw new Error(`creating S3 Bucket (${name}): BucketAlreadyExists`);
    await createTagged(session, name, inputs);
    const { tagsAll } = plannedTags(session, inputs) as { tagsAll: Tags };
    // moto forgets the tags of a creation: those that are not there are put.
    if (Object.keys(tagsAll).length > 0) await putBucketTags(session, name, {}, tagsAll);
    return { id: name, outs: await readBucket(session, name, inputs) };
  },

  read: ({ session }, id, known) => outputs(session, id, known),

  async update({ session }, id, olds, news) {
    const { tagsAll } = plannedTags(session, news) as { tagsAll: Tags };
    if (!sameValue(olds.tagsAll, tagsAll))
      await putBucketTags(session, id, (olds.tagsAll ?? {}) as Tags, tagsAll);
    return readBucket(session, id, { ...olds, ...news, tags: news.tags });
  },

  async delete({ session }, id, olds) {
    const doing = `deleting S3 Bucket (${id})`;
    const remove = () => send(doing, session.s3(), new DeleteBucketCommand({ Bucket: id }));
    await unless(
      NO_BUCKET,
      remove().catch(async (error: unknown) => {
        const full = error instanceof AwsError && error.code === "BucketNotEmpty";
        if (!full || olds.forceDestroy !== true) throw error;
        await empty(session, id);
        return remove();
      }),
    );
    if (await findBucket(session, id))
      throw new Error(`waiting for S3 Bucket (${id}) delete: it is still there`);
  },
};

/** Makes the bucket with its tags, or without them where the caller may make buckets and not tag them. */
async function createTagged(session: AwsSession, name: string, inputs: Props): Promise<void> {
  const create = (Tags: CreateBucketConfiguration["Tags"]) => {
    // S3 takes its home region only by leaving it out.
    const LocationConstraint =
      session.region === FORGIVING_REGION ? undefined : (session.region as BucketLocationConstraint);
    const command = new CreateBucketCommand({
      Bucket: name,
      CreateBucketConfiguration: LocationConstraint || Tags ? { LocationConstraint, Tags } : undefined,
      ObjectLockEnabledForBucket: inputs.objectLockEnabled === true || undefined,
    });
    return send(`creating S3 Bucket (${name})`, session.s3(), command);
  };
  await create(tagsAtCreation(session, inputs)).catch((error: Error) => {
    if (!error.message.includes("is not authorized to perform: s3:TagResource")) throw error;
    return create(undefined);
  });
}

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

/** The real one reads one after another, and asks for the region by a second HEAD, which takes the same right. */
async function outputs(session: AwsSession, name: string, known: Props): Promise<Props | undefined> {
  const found = await findBucket(session, name);
  if (!found) return undefined;
  const [settings, tags] = await Promise.all([unmanagedSettings(session, name), bucketTags(session, name)]);
  return {
    ...bucketNames(name, found.BucketRegion ?? session.region),
    bucketPrefix: known.bucketPrefix,
    forceDestroy: known.forceDestroy ?? false,
    ...settings,
    ...tagOutputs(session, tags, known),
  };
}

async function readBucket(session: AwsSession, name: string, known: Props): Promise<Props> {
  const outs = await outputs(session, name, known);
  if (!outs) throw new Error(`reading S3 Bucket (${name}): couldn't find resource`);
  return outs;
}
