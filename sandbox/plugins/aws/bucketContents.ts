/** What lies in a bucket. */
import { DeleteObjectsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { NO_BUCKET, send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";

/** Deletes all objects with all their versions. */
export async function empty(session: AwsSession, name: string): Promise<void> {
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
