/**
 * S3: an action is method, path and sub-resource.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
import type { Facts } from "../identity.ts";
import { type ReadableRequest, type Right, Unreadable } from "../reading.ts";
import { requestTags } from "../tags.ts";
import { xmlTags } from "../xml.ts";
import { bucketActions } from "./s3-buckets.ts";
import { objectActions } from "./s3-objects.ts";

/** An action of S3's with what it is done to, as its API names it. */
export interface S3Action {
  action: string;
  bucket: string;
  /** @default the bucket itself */
  key?: string;
  context?: Right["context"];
}

export function readS3(request: ReadableRequest, facts: Facts): Right[] {
  const { method, path, partition } = request;
  const [, bucket = "", ...rest] = path.split("/");
  if (bucket === "") {
    if (method !== "GET") throw new Unreadable("it names no bucket");
    return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
  }
  const key = rest.join("/");
  const actions = key === "" ? bucketActions(request, bucket) : objectActions(request, bucket, key);
  return actions.map(({ action, bucket: name, key: object, context }) => ({
    action: `s3:${action}`,
    resource: `arn:${partition}:s3:::${name}${object === undefined ? "" : `/${object}`}`,
    context,
    resourcePolicy: facts.get("bucket-policy", name) ?? undefined,
  }));
}

/** Tags of buckets are asked for at S3 Control, by ARN. Its requests are signed for S3. */
export function readS3Control({ method, path, query, body }: ReadableRequest, facts: Facts): Right[] {
  const [, , what, ...rest] = path.split("/");
  const account = {
    GET: "GetAccountPublicAccessBlock",
    PUT: "PutAccountPublicAccessBlock",
    DELETE: "PutAccountPublicAccessBlock",
  };
  if (what === "configuration" && rest[0] === "publicAccessBlock" && method in account)
    return [{ action: `s3:${account[method as keyof typeof account]}`, resource: "*" }];
  const tags = { GET: "ListTagsForResource", POST: "TagResource", DELETE: "UntagResource" };
  if (what !== "tags" || !(method in tags))
    throw new Unreadable("of S3 Control it knows the tags of buckets");
  const resource = rest.join("/");
  const context =
    method === "POST"
      ? requestTags(xmlTags(body()))
      : method === "DELETE"
        ? { "aws:TagKeys": query.getAll("tagKeys") }
        : {};
  return [
    {
      action: `s3:${tags[method as keyof typeof tags]}`,
      resource,
      context,
      resourcePolicy: facts.get("bucket-policy", resource.split(":").at(-1)!) ?? undefined,
    },
  ];
}
