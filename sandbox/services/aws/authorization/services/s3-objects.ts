/** Requests on an object. */
import { type ReadableRequest, Unreadable } from "../reading.ts";
import { requestTags } from "../tags.ts";
import { xmlTags } from "../xml.ts";
import type { S3Action } from "./s3.ts";

/** Rights by method and sub-resource; those marked have another name where they are about one version. */
const PARTS: Record<string, Record<string, string[]>> = {
  acl: { GET: ["GetObject*Acl"], PUT: ["PutObject*Acl"] },
  attributes: { GET: ["GetObject*", "GetObject*Attributes"] },
  "legal-hold": { GET: ["GetObjectLegalHold"], PUT: ["PutObjectLegalHold"] },
  restore: { POST: ["RestoreObject"] },
  retention: { GET: ["GetObjectRetention"], PUT: ["PutObjectRetention"] },
  tagging: { GET: ["GetObject*Tagging"], PUT: ["PutObject*Tagging"], DELETE: ["DeleteObject*Tagging"] },
  // A large object is put part by part.
  uploads: { POST: ["PutObject"] },
  uploadId: {
    GET: ["ListMultipartUploadParts"],
    PUT: ["PutObject"],
    POST: ["PutObject"],
    DELETE: ["AbortMultipartUpload"],
  },
};
const WHOLE: Record<string, string[]> = {
  GET: ["GetObject*"],
  HEAD: ["GetObject*"],
  PUT: ["PutObject"],
  DELETE: ["DeleteObject*"],
};

/** Headers of the request that policies can ask about. */
const HEADERS = [
  "x-amz-acl",
  "x-amz-copy-source",
  "x-amz-metadata-directive",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-storage-class",
];

/** @throws Unreadable */
export function objectActions(request: ReadableRequest, bucket: string, key: string): S3Action[] {
  const { method, query, headers } = request;
  const parts = Object.keys(PARTS).filter((name) => query.has(name));
  if (parts.length > 1) throw new Unreadable(`an object's ${parts.join(" and ")} at once`);
  const [part] = parts;
  const names = part === undefined ? WHOLE[method] : PARTS[part]![method];
  if (names === undefined) throw new Unreadable(`${method} of an object's ${part ?? "content"}`);
  const version = query.get("versionId");
  const tags = tagsOf(request, part);
  const context: Record<string, string | string[]> = {
    ...(version === null ? {} : { "s3:versionid": version }),
    ...Object.fromEntries(
      HEADERS.filter((name) => headers[name] !== undefined).map((name) => [
        `s3:${name}`,
        header(headers, name),
      ]),
    ),
    ...objectTags(tags),
  };
  const actions = names.map((name) => ({ action: versioned(name, version !== null), bucket, key, context }));
  const putting = names.includes("PutObject");
  if (putting && Object.keys(tags).length > 0)
    actions.push({ action: "PutObjectTagging", bucket, key, context });
  if (putting && headers["x-amz-acl"] !== undefined)
    actions.push({ action: "PutObjectAcl", bucket, key, context });
  return putting ? [...actions, ...copied(header(headers, "x-amz-copy-source"))] : actions;
}

/** `GetObject*Tagging` -> `GetObjectVersionTagging` */
function versioned(name: string, version: boolean): string {
  return name.replace("*", version ? "Version" : "");
}

/** Tags that an object is to have: beside its content in a header, alone in the body. */
function tagsOf(
  { method, headers, body }: ReadableRequest,
  part: string | undefined,
): Record<string, string> {
  if (method !== "PUT" && method !== "POST") return {};
  if (part === "tagging") return xmlTags(body());
  return Object.fromEntries(new URLSearchParams(header(headers, "x-amz-tagging")));
}

function objectTags(tags: Record<string, string>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(requestTags(tags)).map(([key, value]) => [
      key
        .replace("aws:RequestTag/", "s3:RequestObjectTag/")
        .replace("aws:TagKeys", "s3:RequestObjectTagKeys"),
      value,
    ]),
  );
}

/** What is copied is read. `/bucket/key?versionId=…`, percent-encoded. */
function copied(source: string): S3Action[] {
  if (source === "") return [];
  const [path = "", search] = source.replace(/^\//, "").split("?", 2);
  const [bucket = "", ...rest] = decodeURIComponent(path).split("/");
  const version = new URLSearchParams(search).get("versionId");
  return [{ action: versioned("GetObject*", version !== null), bucket, key: rest.join("/") }];
}

function header(headers: ReadableRequest["headers"], name: string): string {
  return [headers[name] ?? ""].flat().join(",");
}
