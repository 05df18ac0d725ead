import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { RecordingMocks, settled, useMocks, valueOf } from "../test/mocks.ts";
import { WorkBucket } from "./index.ts";

let mocks: RecordingMocks;

beforeEach(async () => {
  const none = () => ({});
  mocks = new RecordingMocks({
    "pulumi:providers:aws": none,
    "AWSMegatests:storage:WorkBucket": none,
    "aws:s3/bucket:Bucket": ({ bucket }) => ({ id: String(bucket), arn: `arn:aws:s3:::${String(bucket)}` }),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": none,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": none,
    "aws:s3/bucketPolicy:BucketPolicy": none,
  });
  await useMocks(mocks);
});

const make = (bucketMode: "import" | "create") =>
  new WorkBucket("work", { bucket: "lab-work", bucketMode }, { provider: new aws.Provider("aws", {}) });

describe("WorkBucket", () => {
  it.each(["import", "create"] as const)("keeps a bucket and all that closes it (%s)", async (bucketMode) => {
    const options: Record<string, pulumi.CustomResourceOptions> = {};
    const note: pulumi.ResourceTransformation = ({ type, opts }) => {
      options[type] = opts;
      return undefined;
    };
    const provider = new aws.Provider("aws", {});
    const made = new WorkBucket(
      "work",
      { bucket: "lab-work", bucketMode },
      { provider, transformations: [note] },
    );
    await valueOf(made.bucket.arn);
    await settled();
    const own = Object.entries(options).filter(([type]) => type.startsWith("aws:"));
    expect(own).toHaveLength(bucketMode === "import" ? 1 : 4);
    for (const [type, { protect, retainOnDelete }] of own)
      expect([protect, retainOnDelete], type).toContain(true);
    expect(options["aws:s3/bucket:Bucket"]?.protect).toBe(true);
  });

  it("says nothing of an imported bucket but its name", async () => {
    expect(await valueOf(make("import").bucket.arn)).toBe("arn:aws:s3:::lab-work");
    await settled();
    expect(mocks.one("aws:s3/bucket:Bucket").inputs).toEqual({ bucket: "lab-work" });
    expect(mocks.registered.filter(({ type }) => type.startsWith("aws:"))).toHaveLength(1);
  });

  it("makes a bucket that is private, encrypted and reached by TLS only", async () => {
    await valueOf(make("create").bucket.arn);
    await settled();
    expect(mocks.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs).toEqual({
      bucket: "lab-work",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const encryption =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    expect(mocks.one(encryption).inputs["rules"]).toEqual([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    expect(JSON.parse(String(mocks.one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::lab-work", "arn:aws:s3:::lab-work/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});
