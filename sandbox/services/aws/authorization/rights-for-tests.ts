/** What the requests of real SDK clients, which are never sent, are read as. */
import type { FastifyRequest } from "fastify";
import { readAwsRequest } from "../request.ts";
import { Facts } from "./identity.ts";
import { readCalls, takeApart } from "./read-calls.ts";
import type { Right } from "./reading.ts";

/** A request as the SDKs have it before it is sent. */
interface SdkRequest {
  method: string;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

const ACCOUNT = "123456789012";
/** Who asks in all of these tests. */
export const CALLER = `arn:aws:iam::${ACCOUNT}:user/somebody`;

/** Configuration of an SDK client whose requests end here. */
export const CAPTURING = {
  endpoint: "http://127.0.0.1:1",
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
  maxAttempts: 1,
  forcePathStyle: true,
  requestHandler: {
    handle: async (request: SdkRequest) => Promise.reject(new Captured(request)),
  },
};

class Captured extends Error {
  readonly request: SdkRequest;

  constructor(request: SdkRequest) {
    super("captured");
    this.request = request;
  }
}

/**
 * @param sending the client's promise, e.g. `new BatchClient(CAPTURING).send(command)`
 * @param facts what AWS would answer, by kind and name: `{"bucket-policy lab": "{…}"}`
 * @throws Unreadable
 */
export async function rightsOf(
  sending: Promise<unknown>,
  facts: Record<string, unknown> = {},
): Promise<Right[]> {
  const captured = await sending.then(
    () => Promise.reject(new Error("nothing was captured")),
    (error: unknown) => (error instanceof Captured ? error : Promise.reject(error as Error)),
  );
  return rightsOfRequest(captured.request, facts);
}

/** The same for services whose SDK is not at hand. */
export async function rightsOfRequest(
  request: SdkRequest,
  facts: Record<string, unknown> = {},
): Promise<Right[]> {
  const search = new URLSearchParams(
    Object.entries(request.query ?? {}).flatMap(([name, value]) =>
      [value ?? ""].flat().map((each): [string, string] => [name, each]),
    ),
  ).toString();
  const received = {
    method: request.method,
    url: search === "" ? request.path : `${request.path}?${search}`,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body:
      typeof request.body === "string"
        ? Buffer.from(request.body)
        : request.body && Buffer.concat([request.body]),
  } as unknown as FastifyRequest;
  const known = new Map(Object.entries(facts));
  const readable = takeApart(received, readAwsRequest(received), { accountId: ACCOUNT, caller: CALLER });
  return readCalls(readable, new Facts(known));
}

/** A request of a JSON service: `jsonRequest("logs", "Logs_20140328.StartQuery", {…})`. */
export function jsonRequest(service: string, target: string, body: object): SdkRequest {
  return {
    method: "POST",
    path: "/",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      "x-amz-target": target,
      "content-type": "application/x-amz-json-1.1",
    },
    body: JSON.stringify(body),
  };
}
