/**
 * AWS's errors in the shape of each protocol. moto has one shape for all, which the SDKs of the JSON services cannot read.
 * Codes and statuses: the "Common Errors" page of each service's API reference.
 */
import { randomUUID } from "node:crypto";
import type { FastifyReply } from "fastify";
import type { AwsRequest, Protocol } from "./request.ts";

/** Why a request is not answered. */
export type Refusal =
  "unknown-key" | "wrong-signature" | "unsigned" | "throttled" | "denied" | "broken" | "down";

type Answer = [status: number, code: string, message: string];

const INVALID = "The security token included in the request is invalid.";
const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const UNSIGNED = "Request is missing Authentication Token";
const NOT_VALIDATED = "AWS was not able to validate the provided access credentials";
const DOWN = "The service is unavailable. Please try again shortly.";
const BROKEN = "We encountered an internal error. Please try again.";

const ANSWERS: Record<Refusal, Record<Protocol, Answer>> = {
  "unknown-key": {
    query: [403, "InvalidClientTokenId", INVALID],
    ec2: [401, "AuthFailure", NOT_VALIDATED],
    json: [400, "UnrecognizedClientException", INVALID],
    "rest-json": [403, "UnrecognizedClientException", INVALID],
    s3: [403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."],
  },
  "wrong-signature": {
    query: [403, "SignatureDoesNotMatch", MISMATCH],
    ec2: [401, "AuthFailure", NOT_VALIDATED],
    json: [400, "InvalidSignatureException", MISMATCH],
    "rest-json": [403, "InvalidSignatureException", MISMATCH],
    s3: [403, "SignatureDoesNotMatch", MISMATCH],
  },
  unsigned: {
    query: [403, "MissingAuthenticationToken", UNSIGNED],
    ec2: [401, "AuthFailure", NOT_VALIDATED],
    json: [400, "MissingAuthenticationTokenException", UNSIGNED],
    "rest-json": [403, "MissingAuthenticationTokenException", UNSIGNED],
    s3: [403, "AccessDenied", "Access Denied"],
  },
  throttled: {
    query: [400, "Throttling", "Rate exceeded"],
    ec2: [503, "RequestLimitExceeded", "Request limit exceeded."],
    json: [400, "ThrottlingException", "Rate exceeded"],
    "rest-json": [429, "TooManyRequestsException", "Too Many Requests"],
    s3: [503, "SlowDown", "Please reduce your request rate."],
  },
  denied: {
    query: [403, "AccessDenied", "Access Denied"],
    ec2: [403, "UnauthorizedOperation", "You are not authorized to perform this operation."],
    json: [400, "AccessDeniedException", "Access Denied"],
    "rest-json": [403, "AccessDeniedException", "Access Denied"],
    s3: [403, "AccessDenied", "Access Denied"],
  },
  broken: {
    query: [500, "ServiceFailure", BROKEN],
    ec2: [500, "InternalError", BROKEN],
    json: [500, "InternalFailure", BROKEN],
    "rest-json": [500, "ServerException", BROKEN],
    s3: [500, "InternalError", BROKEN],
  },
  down: {
    query: [503, "ServiceUnavailable", DOWN],
    ec2: [503, "Unavailable", DOWN],
    json: [503, "ServiceUnavailable", DOWN],
    "rest-json": [503, "ServiceUnavailable", DOWN],
    s3: [503, "ServiceUnavailable", DOWN],
  },
};

/**
 * Sends the error of the request's own service.
 * @param status instead of the usual one, for faults that were asked for by number
 */
export function refuse(reply: FastifyReply, request: AwsRequest, refusal: Refusal, status?: number) {
  const [usual, code, message] = ANSWERS[refusal][request.protocol];
  return send(reply, request, [status ?? usual, code, message]);
}

/** Says no to a request in the shape of its service. @param message who may not do what, and why */
export function deny(reply: FastifyReply, request: AwsRequest, message: string) {
  const [status, code] = ANSWERS.denied[request.protocol];
  return send(reply, request, [status, code, message]);
}

/** IAM's word for a user or role of whom it does not know, e.g. by a wrong path. */
export function refuseStranger(reply: FastifyReply, request: AwsRequest) {
  return send(reply, request, [404, "NoSuchEntity", "The policy source ARN cannot be found."]);
}

function send(reply: FastifyReply, request: AwsRequest, [status, code, plain]: Answer) {
  reply.code(status);
  const id = randomUUID();
  const message = request.protocol.endsWith("json") ? plain : escaped(plain);
  switch (request.protocol) {
    case "query": {
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
      reply.type("text/xml").header("x-amzn-requestid", id);
      return reply.send(`<ErrorResponse>${error}<RequestId>${id}</RequestId></ErrorResponse>`);
    }
    case "ec2": {
      const error = `<Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors>`;
      return reply.type("text/xml").send(`<Response>${error}<RequestID>${id}</RequestID></Response>`);
    }
    case "s3": {
      reply.type("application/xml").header("x-amz-request-id", id);
      return reply.send(
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${id}</RequestId></Error>`,
      );
    }
    case "json":
    case "rest-json":
      reply
        .type("application/x-amz-json-1.1")
        .header("x-amzn-requestid", id)
        .header("x-amzn-errortype", code);
      return reply.send(JSON.stringify({ __type: code, message }));
  }
}

/** What a message repeats of a request may be anything, an object's key for instance. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Whether it is one of {@link Refusal}. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "string" && value in ANSWERS;
}

/** The refusal that fits a fault's HTTP status best. */
export function refusalOfStatus(status: number): Refusal {
  if (status === 401 || status === 403) return "denied";
  if (status < 500) return "throttled";
  return status === 500 ? "broken" : "down";
}

/** The refusal that moto's XML states, if it is one of authentication. */
export function refusalOfMoto(xml: string): Refusal | undefined {
  const code = /<Code>(\w+)<\/Code>/.exec(xml)?.[1];
  if (code === "SignatureDoesNotMatch") return "wrong-signature";
  const unknown = ["InvalidClientTokenId", "AuthFailure", "InvalidAccessKeyId"];
  return code !== undefined && unknown.includes(code) ? "unknown-key" : undefined;
}
