/** What an AWS request is: which service, which action, signed by which key. Read from the bytes, as AWS does. */
import * as batch from "@aws-sdk/client-batch";
import type { FastifyRequest } from "fastify";

/**
 * How a service writes its requests and errors.
 * - `query`: form in, XML out (iam, sts)
 * - `ec2`: the same with errors of its own
 * - `json`: the action in the header X-Amz-Target (ecs, logs, ssm)
 * - `rest-json`: the action is the path (batch)
 * - `s3`: the action is method, path and query
 */
export type Protocol = "query" | "ec2" | "json" | "rest-json" | "s3";

/** An AWS request, as far as the gateway has to know it. */
export interface AwsRequest {
  /** The name it is signed for, for instance `iam`; `unknown` where it is not signed. */
  service: string;
  protocol: Protocol;
  /** The IAM name of the action; for S3 and other REST services method and path. */
  action: string;
  /** @default undefined where the request is not signed */
  accessKeyId?: string;
  /** The region it is signed for. @default undefined where the request is not signed */
  region?: string;
}

/** `describecomputeenvironments` -> `DescribeComputeEnvironments`: Batch puts the action in its paths in small letters. */
const BATCH_ACTIONS = new Map(
  Object.keys(batch)
    .filter((name) => name.endsWith("Command"))
    .map((name) => [name.slice(0, -"Command".length).toLowerCase(), name.slice(0, -"Command".length)]),
);

/** Batch's other actions, by method. */
const BATCH_TAG_ACTIONS: Record<string, string> = {
  GET: "ListTagsForResource",
  POST: "TagResource",
  DELETE: "UntagResource",
};

/** Reads a request whose body, if any, is parsed to a Buffer. */
export function readAwsRequest(request: FastifyRequest): AwsRequest {
  const [path = "", search = ""] = request.url.split("?", 2);
  const query = new URLSearchParams(search);
  // Credential=KEY/DATE/REGION/SERVICE/aws4_request, in the header or, in presigned URLs, in the query.
  const credential =
    /Credential=([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1] ?? query.get("X-Amz-Credential");
  const [accessKeyId, , region, service = "unknown"] = credential?.split("/") ?? [];

  const target = request.headers["x-amz-target"];
  const signed = { service, accessKeyId, region };
  if (typeof target === "string")
    return { ...signed, protocol: "json", action: target.split(".").at(-1) ?? "" };

  const form = String(request.headers["content-type"]).startsWith("application/x-www-form-urlencoded");
  const body = form && Buffer.isBuffer(request.body) ? request.body.toString() : "";
  const action = new URLSearchParams(body).get("Action") ?? query.get("Action");
  // Its token is what it is known by; nothing is signed.
  if (action === "AssumeRoleWithWebIdentity") return { service: "sts", protocol: "query", action };
  if (action !== null) return { ...signed, protocol: service === "ec2" ? "ec2" : "query", action };

  if (service === "batch") {
    const [, , name = ""] = path.split("/");
    const known = name === "tags" ? BATCH_TAG_ACTIONS[request.method] : BATCH_ACTIONS.get(name);
    return { ...signed, protocol: "rest-json", action: known ?? `${request.method} ${path}` };
  }
  // S3 Control is signed for s3 too, but has no buckets in its paths and answers errors as the query services do.
  if (path.startsWith("/v20180820/"))
    return { ...signed, service: "s3control", protocol: "query", action: `${request.method} ${path}` };
  // An unsigned request without any of these marks can only be meant for S3.
  if (service === "s3" || service === "unknown") {
    const parts = [...query].filter(([, value]) => value === "").map(([name]) => name);
    // `/bucket/` and `/bucket` are the same; which one is sent depends on the SDK.
    const where = path.replace(/^(\/[^/]+)\/$/, "$1");
    return {
      ...signed,
      service: "s3",
      protocol: "s3",
      action: [request.method, where, ...parts].join(" "),
    };
  }
  return { ...signed, protocol: "rest-json", action: `${request.method} ${path}` };
}
