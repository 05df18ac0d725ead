import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCorsCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  SelectObjectContentCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { Unreadable } from "../reading.ts";
import { CAPTURING, rightsOf, rightsOfRequest } from "../rights-for-tests.ts";

const s3 = new S3Client(CAPTURING);
const Bucket = "lab";
const Key = "work/a b+ü&1";
const bucket = "arn:aws:s3:::lab";
const object = `${bucket}/${Key}`;

const lines = (rights: Awaited<ReturnType<typeof rightsOf>>) =>
  rights.map(({ action, resource, context = {} }) =>
    [action, resource, ...Object.entries(context).map(([key, value]) => `${key}=${String(value)}`)].join(" "),
  );

const ROWS: [what: string, sending: () => Promise<unknown>, rights: string[]][] = [
  ["all buckets", () => s3.send(new ListBucketsCommand({})), ["s3:ListAllMyBuckets *"]],
  ["a look at a bucket", () => s3.send(new HeadBucketCommand({ Bucket })), [`s3:ListBucket ${bucket}`]],
  [
    "a list",
    () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: "work/", Delimiter: "/", MaxKeys: 1 })),
    [`s3:ListBucket ${bucket} s3:prefix=work/ s3:delimiter=/ s3:max-keys=1`],
  ],
  [
    "all versions",
    () => s3.send(new ListObjectVersionsCommand({ Bucket })),
    [`s3:ListBucketVersions ${bucket}`],
  ],
  [
    "a bucket's region",
    () => s3.send(new GetBucketLocationCommand({ Bucket })),
    [`s3:GetBucketLocation ${bucket}`],
  ],
  [
    "a bucket's life cycle",
    () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
    [`s3:GetLifecycleConfiguration ${bucket}`],
  ],
  [
    "a bucket's versions switched on",
    () => s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } })),
    [`s3:PutBucketVersioning ${bucket}`],
  ],
  [
    "a bucket's encryption",
    () =>
      s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [] } })),
    [`s3:PutEncryptionConfiguration ${bucket}`],
  ],
  [
    "a setting that is deleted by the right to change it",
    () => s3.send(new DeleteBucketCorsCommand({ Bucket })),
    [`s3:PutBucketCORS ${bucket}`],
  ],
  [
    "a setting that is deleted by a right of its own",
    () => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
    [`s3:DeleteBucketPolicy ${bucket}`],
  ],
  [
    "a bucket that is made",
    () => s3.send(new CreateBucketCommand({ Bucket, ObjectOwnership: "BucketOwnerEnforced" })),
    [`s3:CreateBucket ${bucket}`, `s3:PutBucketOwnershipControls ${bucket}`],
  ],
  ["an object", () => s3.send(new GetObjectCommand({ Bucket, Key })), [`s3:GetObject ${object}`]],
  ["a look at an object", () => s3.send(new HeadObjectCommand({ Bucket, Key })), [`s3:GetObject ${object}`]],
  [
    "a version",
    () => s3.send(new GetObjectCommand({ Bucket, Key, VersionId: "1" })),
    [`s3:GetObjectVersion ${object} s3:versionid=1`],
  ],
  [
    "an object's attributes",
    () => s3.send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ["ETag"] })),
    [`s3:GetObject ${object}`, `s3:GetObjectAttributes ${object}`],
  ],
  [
    "an object with tags and encryption",
    () =>
      s3.send(
        new PutObjectCommand({ Bucket, Key, Body: "x", Tagging: "a=1", ServerSideEncryption: "AES256" }),
      ),
    ["PutObject", "PutObjectTagging"].map(
      (name) =>
        `s3:${name} ${object} s3:x-amz-server-side-encryption=AES256 s3:RequestObjectTagKeys=a s3:RequestObjectTag/a=1`,
    ),
  ],
  [
    "an object's tags",
    () => s3.send(new GetObjectTaggingCommand({ Bucket, Key })),
    [`s3:GetObjectTagging ${object}`],
  ],
  [
    "an object's tags that are set",
    () =>
      s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [{ Key: "a", Value: "1" }] } })),
    [`s3:PutObjectTagging ${object} s3:RequestObjectTagKeys=a s3:RequestObjectTag/a=1`],
  ],
  [
    "a copy, by version",
    () => s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: "/other/a%20b?versionId=3" })),
    [
      `s3:PutObject ${object} s3:x-amz-copy-source=/other/a%20b?versionId=3`,
      "s3:GetObjectVersion arn:aws:s3:::other/a b",
    ],
  ],
  [
    "an upload in parts",
    () => s3.send(new CreateMultipartUploadCommand({ Bucket, Key })),
    [`s3:PutObject ${object}`],
  ],
  [
    "a part",
    () => s3.send(new UploadPartCommand({ Bucket, Key, PartNumber: 1, UploadId: "u", Body: "x" })),
    [`s3:PutObject ${object}`],
  ],
  [
    "an upload that is given up",
    () => s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: "u" })),
    [`s3:AbortMultipartUpload ${object}`],
  ],
  [
    "an object that is deleted",
    () => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    [`s3:DeleteObject ${object}`],
  ],
  [
    "many objects that are deleted",
    () =>
      s3.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }, { Key: "b", VersionId: "2" }] } }),
      ),
    [`s3:DeleteObject ${object}`, `s3:DeleteObjectVersion ${bucket}/b s3:versionid=2`],
  ],
];

it.each(ROWS)("%s", async (_what, sending, rights) => {
  expect(lines(await rightsOf(sending()))).toEqual(rights);
});

it("brings the policies of both buckets of a copy", async () => {
  const policy = { Version: "2012-10-17", Statement: [] };
  const copy = new CopyObjectCommand({ Bucket, Key, CopySource: "other/a" });
  const rights = await rightsOf(s3.send(copy), { "bucket-policy other": JSON.stringify(policy) });
  expect(rights.map(({ resourcePolicy }) => resourcePolicy)).toEqual([undefined, policy]);
});

const control = (method: string, path: string, body?: string) => ({
  method,
  path,
  headers: {
    authorization: "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/s3/aws4_request, Signature=0",
  },
  body,
});

it.each([
  ["GET", `/v20180820/tags/${encodeURIComponent(bucket)}`, [`s3:ListTagsForResource ${bucket}`]],
  [
    "POST",
    `/v20180820/tags/${encodeURIComponent(bucket)}`,
    [`s3:TagResource ${bucket} aws:TagKeys=a aws:RequestTag/a=1`],
  ],
  ["GET", "/v20180820/configuration/publicAccessBlock", ["s3:GetAccountPublicAccessBlock *"]],
])("S3 Control: %s %s", async (method, path, rights) => {
  const body =
    "<TagResourceRequest><Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags></TagResourceRequest>";
  expect(lines(await rightsOfRequest(control(method, path, method === "POST" ? body : undefined)))).toEqual(
    rights,
  );
});

it("does not read what it does not know", async () => {
  const select = new SelectObjectContentCommand({
    Bucket,
    Key,
    Expression: "select 1",
    ExpressionType: "SQL",
    InputSerialization: {},
    OutputSerialization: {},
  });
  await expect(rightsOf(s3.send(select))).rejects.toThrow(new Unreadable("POST of an object's content"));
  await expect(rightsOfRequest(control("GET", "/v20180820/accesspoint/a"))).rejects.toThrow(
    new Unreadable("of S3 Control it knows the tags of buckets"),
  );
});
