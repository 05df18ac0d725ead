/**
 * S3 calls of the aws stand-in: those that the real provider needs rights for, in the same situations, for a policy for
 * deployments is measured by them. A call made again, which takes no further right, is left out.
 * https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/s3
 */
import { GetBucketTaggingCommand, PutBucketTaggingCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { resource, startRecorded, TAGGED_BUCKET, unique, type Recorded } from "./calls-for-tests.ts";

let recorded: Recorded;
beforeAll(async () => {
  recorded = await startRecorded();
}, 120_000);
afterAll(() => recorded.close());
beforeEach(() => {
  recorded.denied = undefined;
});

describe("S3 calls", { timeout: 30_000 }, () => {
  const BUCKET = "aws:s3/bucket:Bucket";
  const OPEN = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }],
  });
  const whole = [
    "GetBucketAccelerateConfiguration",
    "GetBucketAcl",
    "GetBucketCors",
    "GetBucketEncryption",
    "GetBucketLifecycleConfiguration",
    "GetBucketLogging",
    "GetBucketPolicy",
    "GetBucketReplication",
    "GetBucketRequestPayment",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetBucketWebsite",
    "GetObjectLockConfiguration",
    "HeadBucket",
  ];

  it("of a bucket without tags", async () => {
    const bucket = resource(BUCKET, recorded);
    expect(await bucket.create({ bucket: unique() })).toEqual(["CreateBucket", ...whole]);
    expect(await bucket.read()).toEqual(whole);
    expect(await bucket.import()).toEqual(whole);
    const tagged = [...whole, "GetBucketTagging", "PutBucketTagging"].sort();
    expect(await bucket.update({ tags: { a: "1" } })).toEqual(tagged);
    expect(await bucket.update({ tags: {} })).toEqual(
      [...whole, "GetBucketTagging", "DeleteBucketTagging"].sort(),
    );
    expect(await bucket.delete()).toEqual(["DeleteBucket", "HeadBucket"]);
  });

  it("of a bucket with tags: in the creation, and once more for moto, which forgets them", async () => {
    const bucket = resource(BUCKET, recorded);
    const put = ["GetBucketTagging", "PutBucketTagging"];
    expect(await bucket.create({ bucket: unique(), tags: { a: "1" } })).toEqual(
      [TAGGED_BUCKET, ...whole, ...put].sort(),
    );
    expect(bucket.outs().tags).toEqual({ a: "1" });
  });

  it("of a bucket that may be made and not tagged: made without, tagged after", async () => {
    recorded.denied = TAGGED_BUCKET;
    const bucket = resource(BUCKET, recorded);
    const put = ["GetBucketTagging", "PutBucketTagging"];
    expect(await bucket.create({ bucket: unique(), tags: { a: "1" } })).toEqual(
      [TAGGED_BUCKET, "CreateBucket", ...whole, ...put].sort(),
    );
    expect(bucket.outs().tags).toEqual({ a: "1" });
  });

  it("leaves tags alone that are not the program's", async () => {
    const bucket = resource(BUCKET, recorded);
    await bucket.create({ bucket: unique(), tags: { a: "1", b: "1" } });
    const [Bucket, s3] = [bucket.id(), recorded.session.s3()];
    const TagSet = ["a", "b", "z"].map((Key) => ({ Key, Value: "1" }));
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    await bucket.update({ tags: { a: "2" } });
    const found = await s3.send(new GetBucketTaggingCommand({ Bucket }));
    const tags = Object.fromEntries((found.TagSet ?? []).map(({ Key, Value }) => [Key, Value]));
    expect(tags).toEqual({ a: "2", z: "1" });
  });

  it("says that a bucket exists where S3 would pretend to make it", async () => {
    const forgiving = await recorded.connect("us-east-1");
    const [first, second] = [resource(BUCKET, recorded, forgiving), resource(BUCKET, recorded, forgiving)];
    const name = unique();
    await first.create({ bucket: name });
    await expect(second.create({ bucket: name })).rejects.toThrow(
      new Error(`creating S3 Bucket (${name}): BucketAlreadyExists`),
    );
    expect(recorded.calls).toEqual(["HeadBucket"]);
  });

  it.each([
    [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      "PublicAccessBlock",
      { blockPublicAcls: true },
      ["DeletePublicAccessBlock", "GetPublicAccessBlock"],
    ],
    [
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "BucketEncryption",
      { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      // A bucket always has one: the real one does not wait for its end.
      ["DeleteBucketEncryption"],
    ],
    [
      "aws:s3/bucketPolicy:BucketPolicy",
      "BucketPolicy",
      { policy: OPEN },
      ["DeleteBucketPolicy", "GetBucketPolicy"],
    ],
  ])("of %s", async (token, name, given, removal) => {
    const [bucket, setting] = [resource(BUCKET, recorded), resource(token, recorded)];
    await bucket.create({ bucket: unique() });
    const put = [`Get${name}`, `Put${name}`];
    expect(await setting.create({ bucket: bucket.id(), ...given })).toEqual(put);
    expect(await setting.read()).toEqual([`Get${name}`]);
    expect(await setting.update({})).toEqual(put);
    expect(await setting.delete()).toEqual(removal);
  });
});
