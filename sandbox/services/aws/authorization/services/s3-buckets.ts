/** Requests on a bucket. */
import { type ReadableRequest, Unreadable } from "../reading.ts";
import { unescaped } from "../xml.ts";
import type { S3Action } from "./s3.ts";

/** Rights to read and to change a bucket's setting, by sub-resource. What may be deleted by a right of its own has a third. */
const SETTINGS: Record<string, [read: string, write: string, remove?: string]> = {
  abac: ["GetBucketAbac", "PutBucketAbac"],
  accelerate: ["GetAccelerateConfiguration", "PutAccelerateConfiguration"],
  acl: ["GetBucketAcl", "PutBucketAcl"],
  analytics: ["GetAnalyticsConfiguration", "PutAnalyticsConfiguration"],
  cors: ["GetBucketCORS", "PutBucketCORS"],
  encryption: ["GetEncryptionConfiguration", "PutEncryptionConfiguration"],
  "intelligent-tiering": ["GetIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration"],
  inventory: ["GetInventoryConfiguration", "PutInventoryConfiguration"],
  lifecycle: ["GetLifecycleConfiguration", "PutLifecycleConfiguration"],
  logging: ["GetBucketLogging", "PutBucketLogging"],
  metrics: ["GetMetricsConfiguration", "PutMetricsConfiguration"],
  notification: ["GetBucketNotification", "PutBucketNotification"],
  "object-lock": ["GetBucketObjectLockConfiguration", "PutBucketObjectLockConfiguration"],
  ownershipControls: ["GetBucketOwnershipControls", "PutBucketOwnershipControls"],
  policy: ["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"],
  publicAccessBlock: ["GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock"],
  replication: ["GetReplicationConfiguration", "PutReplicationConfiguration"],
  requestPayment: ["GetBucketRequestPayment", "PutBucketRequestPayment"],
  tagging: ["GetBucketTagging", "PutBucketTagging"],
  versioning: ["GetBucketVersioning", "PutBucketVersioning"],
  website: ["GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite"],
};

/** What can only be read. */
const VIEWS: Record<string, string> = {
  location: "GetBucketLocation",
  policyStatus: "GetBucketPolicyStatus",
  uploads: "ListBucketMultipartUploads",
  versions: "ListBucketVersions",
};

/** Parameters of a listing that policies can ask about. */
const LISTING = ["prefix", "delimiter", "max-keys"];

/** Parameters that name no sub-resource. */
const PLAIN = [
  ...LISTING,
  "list-type",
  "continuation-token",
  "start-after",
  "marker",
  "encoding-type",
  "fetch-owner",
];
const PLAIN_VERSIONS = [
  ...PLAIN,
  "key-marker",
  "version-id-marker",
  "upload-id-marker",
  "max-uploads",
  "x-id",
  "id",
];

/** @throws Unreadable */
export function bucketActions(request: ReadableRequest, bucket: string): S3Action[] {
  const { method, query, headers, body } = request;
  const parts = [...query.keys()].filter((name) => !PLAIN_VERSIONS.includes(name));
  const [part] = parts;
  if (parts.length > 1) throw new Unreadable(`a bucket's ${parts.join(" and ")} at once`);
  if (method === "POST" && part === "delete") return deletions(bucket, body());
  if (part === undefined) {
    if (method === "PUT") return creation(bucket, headers, body());
    if (method === "DELETE") return [{ action: "DeleteBucket", bucket }];
    if (method === "GET" || method === "HEAD")
      return [{ action: "ListBucket", bucket, context: listing(query) }];
  } else {
    if (method === "GET" && part in VIEWS) return [{ action: VIEWS[part]!, bucket, context: listing(query) }];
    const [read, write, remove = write] = SETTINGS[part] ?? [];
    const action = { GET: read, PUT: write, DELETE: remove }[method];
    if (action !== undefined) return [{ action, bucket }];
  }
  throw new Unreadable(`${method} of a bucket's ${part ?? "root"}`);
}

function listing(query: URLSearchParams): Record<string, string> {
  const given = LISTING.filter((name) => query.has(name));
  return Object.fromEntries(given.map((name) => [`s3:${name}`, query.get(name) ?? ""]));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html, "Permissions" */
function creation(bucket: string, headers: ReadableRequest["headers"], xml: string): S3Action[] {
  const also: [header: string, action: string][] = [
    ["x-amz-acl", "PutBucketAcl"],
    ["x-amz-bucket-object-lock-enabled", "PutBucketObjectLockConfiguration"],
    ["x-amz-bucket-object-lock-enabled", "PutBucketVersioning"],
    ["x-amz-object-ownership", "PutBucketOwnershipControls"],
  ];
  const more = also
    // A private one is what every new bucket has.
    .filter(([header]) => headers[header] !== undefined && headers[header] !== "private")
    .map(([, action]) => action);
  const tagged = xml.includes("<Tags>") ? ["TagResource"] : [];
  return ["CreateBucket", ...more, ...tagged].map((action) => ({ action, bucket }));
}

function deletions(bucket: string, xml: string): S3Action[] {
  const objects = [...xml.matchAll(/<Object>([\s\S]*?)<\/Object>/g)].map(([, object = ""]) => object);
  if (objects.length === 0) throw new Unreadable("it names no object to delete");
  return objects.map((object) => {
    const key = unescaped(/<Key>([^<]*)<\/Key>/.exec(object)?.[1] ?? "");
    const version = /<VersionId>([^<]+)<\/VersionId>/.exec(object)?.[1];
    return version === undefined
      ? { action: "DeleteObject", bucket, key }
      : { action: "DeleteObjectVersion", bucket, key, context: { "s3:versionid": version } };
  });
}
