/** Which service a request is for, and so who reads it. */
import type { FastifyRequest } from "fastify";
import type { AwsRequest } from "../request.ts";
import { type ReadableRequest, type Reading, type Right, Unreadable } from "./reading.ts";
import { record } from "./parts.ts";
import type { Facts } from "./identity.ts";
import { readBatch } from "./services/batch.ts";
import { readEc2 } from "./services/ec2.ts";
import { readEfs, readFsx } from "./services/file-systems.ts";
import { readIam } from "./services/iam.ts";
import { readLogs } from "./services/logs.ts";
import { readEcs, readSecretsManager, readSsm } from "./services/named.ts";
import { readS3, readS3Control } from "./services/s3.ts";
import { readSts } from "./services/sts.ts";
import { wildcard } from "./services/wildcard.ts";

/** By the names that requests are signed for. */
const READINGS: Record<string, Reading> = {
  batch: readBatch,
  ec2: readEc2,
  ecs: readEcs,
  elasticfilesystem: readEfs,
  fsx: readFsx,
  iam: readIam,
  logs: readLogs,
  s3: readS3,
  s3control: readS3Control,
  secretsmanager: readSecretsManager,
  ssm: readSsm,
  sts: readSts,
};

/**
 * Takes a request apart whose body, if any, is parsed to a Buffer.
 * @param place the account, and the caller's ARN
 * @throws Unreadable
 */
export function takeApart(
  request: FastifyRequest,
  { service, protocol, action, region = "" }: AwsRequest,
  place: Pick<ReadableRequest, "accountId" | "caller">,
): ReadableRequest {
  const [path = "", search = ""] = request.url.split("?", 2);
  // An object can be large, and nobody reads it.
  const body = () => (Buffer.isBuffer(request.body) ? request.body.toString() : "");
  const form = protocol === "query" || protocol === "ec2";
  const query = new URLSearchParams(search);
  // moto takes an action in the query for the action, whatever the header says.
  if (protocol === "json" && query.has("Action")) throw new Unreadable("it names two actions");
  return {
    ...place,
    service,
    protocol,
    action,
    region,
    partition: place.caller.split(":")[1] ?? "aws",
    method: request.method,
    path: decoded(path),
    query,
    headers: request.headers,
    form: new URLSearchParams(form ? body() || search : ""),
    json: protocol === "json" || protocol === "rest-json" ? parsed(body()) : {},
    body,
  };
}

/** @throws Unreadable */
export async function readCalls(request: ReadableRequest, facts: Facts): Promise<Right[]> {
  const reading = READINGS[request.service];
  return reading === undefined ? wildcard(request, request.service) : reading(request, facts);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Unreadable("its path is not percent-encoded UTF-8");
  }
}

function parsed(body: string): Record<string, unknown> {
  if (body === "") return {};
  try {
    return record(JSON.parse(body));
  } catch {
    throw new Unreadable("its body is no JSON");
  }
}
