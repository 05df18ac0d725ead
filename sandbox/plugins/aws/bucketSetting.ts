/** What the resources for one setting of a bucket have in common: the bucket's name is their id. */
import type { Property, ResourceType } from "../kit/resource.ts";
import { need, type Props } from "../kit/values.ts";
import { NO_BUCKET, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";

/** One setting of a bucket. */
export interface BucketSetting {
  /** Its arguments besides `bucket` and `region`. */
  properties: Record<string, Property>;
  /** Makes the setting so; run on creation and on every change. */
  put(session: AwsSession, bucket: string, inputs: Props): Promise<unknown>;
  /** @returns the setting as it is; undefined, or an error with one of `absent`, when there is none */
  get(session: AwsSession, bucket: string, known: Props): Promise<Props | undefined>;
  /** Codes by which S3 says that there is no such setting. @default none */
  absent?: readonly string[];
  /** Undoes the setting. */
  remove(session: AwsSession, bucket: string, olds: Props): Promise<unknown>;
  /** Whether the real one reads the setting after its removal, until there is none. @default false */
  awaitsRemoval?: boolean;
}

/** @returns the resource type for a setting */
export function bucketSetting(setting: BucketSetting): ResourceType<AwsSession> {
  const gone = [...NO_BUCKET, ...(setting.absent ?? [])];
  const read = async (session: AwsSession, bucket: string, known: Props): Promise<Props | undefined> => {
    const found = await unless(gone, setting.get(session, bucket, known));
    return found && { ...found, bucket, region: session.region };
  };
  const put = async (session: AwsSession, bucket: string, inputs: Props): Promise<Props> => {
    await setting.put(session, bucket, inputs);
    return { ...inputs, ...(await read(session, bucket, inputs)) };
  };
  return {
    properties: {
      bucket: { required: true, replaces: true },
      region: { computed: true, replaces: true },
      ...setting.properties,
    },
    computed: [],
    create: async ({ session }, inputs) => {
      const bucket = need(inputs, "bucket");
      return { id: bucket, outs: await put(session, bucket, inputs) };
    },
    read: ({ session }, id, known) => read(session, id, known),
    update: ({ session }, id, _olds, news) => put(session, id, news),
    delete: async ({ session }, id, olds) => {
      if (olds.skipDestroy === true) return;
      await unless(gone, setting.remove(session, id, olds));
      if (setting.awaitsRemoval && (await read(session, id, olds)))
        throw new Error(`waiting for the removal of a setting of S3 Bucket (${id}): it is still there`);
    },
  };
}
