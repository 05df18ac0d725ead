/** What a request asks of AWS, in the terms of policies: actions, resources and condition keys. */
import type { Protocol } from "../request.ts";
import type { Facts } from "./identity.ts";
import type { AwsCall, PolicyDocument } from "./simulate.ts";

/** A request with its parts taken apart. */
export interface ReadableRequest {
  /** The name it is signed for. */
  service: string;
  protocol: Protocol;
  /** The API's name of the action; for S3 and other REST services method and path. */
  action: string;
  region: string;
  accountId: string;
  partition: string;
  method: string;
  /** Decoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  /** Of the query protocols; empty for others. */
  form: URLSearchParams;
  /** Of the JSON protocols; empty for others. */
  json: Record<string, unknown>;
  /** @returns the body as text */
  body: () => string;
  /** ARN of the user or session that asks. */
  caller: string;
}

/** One right that a request needs. */
export interface Right extends AwsCall {
  /** The resource's own policy. @default none */
  resourcePolicy?: PolicyDocument;
}

/**
 * Translates the requests of one service. It may be called again, once AWS has answered what it asked of `facts`.
 * @returns all rights the request needs, its main one first
 * @throws Unreadable
 */
export type Reading = (request: ReadableRequest, facts: Facts) => Right[] | Promise<Right[]>;

/** The sandbox does not know what the request needs. */
export class Unreadable extends Error {}

/** @returns `arn:aws:batch:eu-west-1:123456789012:REST` */
export function regionalArn(
  { partition, region, accountId }: ReadableRequest,
  service: string,
  rest: string,
) {
  return `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
}

/** A name, or an ARN as it is, as ARN: `arnOf(request, "batch", "job-queue", "q")`. */
export function arnOf(request: ReadableRequest, service: string, type: string, name: string): string {
  return name.startsWith("arn:") ? name : regionalArn(request, service, `${type}/${name}`);
}

/** The right to hand a role to a service. */
export function passRole(role: string, service: string): Right {
  return { action: "iam:PassRole", resource: role, context: { "iam:PassedToService": service } };
}
