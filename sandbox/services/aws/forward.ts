/** A judged request on its way to moto, and the answer on its way back. */
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Authorizer, Verdict } from "./authorization/authorize.ts";
import type { Moto } from "./moto.ts";
import type { NewKeys } from "./new-keys.ts";
import { deny, isRefusal, refusalOfMoto, refuse } from "./refusals.ts";
import type { AwsRequest } from "./request.ts";

/** What a request passes on its way. */
export interface Parts {
  moto: Moto;
  newKeys: NewKeys;
  authorizer: Authorizer;
}

/** A request that was judged. */
type Judged = Exclude<Verdict, { kind: "unknown-key" }>;

/** Sends a request that was judged on to moto, and moto's answer, or the denial, to the client. */
export function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  aws: AwsRequest,
  verdict: Judged,
  parts: Parts,
) {
  // reply-from would rewrite a body's content type, which is signed; a stream it leaves alone.
  if (Buffer.isBuffer(request.body)) {
    const { body } = request;
    request.body = Readable.from([body], { objectMode: false });
  }
  return reply.from(undefined, {
    // Its own retries would hide moto's errors from the client, whose retries are what is being tried.
    retryDelay: () => null,
    rewriteRequestHeaders: (original, headers) => {
      const { expect: _answeredAlready, "x-sandbox-denied": _notTheirs, ...rest } = headers;
      // Only who has the secret is told what is denied: moto checks the signature first, and does nothing else.
      const denied = verdict.kind === "denied" ? { "x-sandbox-denied": "1" } : {};
      return { ...rest, ...denied, host: original.headers.host };
    },
    onResponse: (_request, _reply, answer) => {
      const stream = (answer as unknown as { stream: Readable }).stream;
      void respond(stream, reply, aws, verdict, parts).catch((error: Error) => reply.send(error));
    },
    onError: () => void refuse(reply, aws, "down"),
  });
}

/** Passes moto's answer on: most as a stream; errors of authentication in the service's own shape. */
async function respond(
  stream: Readable,
  reply: FastifyReply,
  aws: AwsRequest,
  verdict: Judged,
  parts: Parts,
) {
  const { newKeys, authorizer } = parts;
  const refused = reply.statusCode === 401 || reply.statusCode === 403;
  if (verdict.kind === "denied") {
    const checked = reply.getHeader("x-sandbox-refusal");
    reply.removeHeader("x-sandbox-refusal").removeHeader("content-length").removeHeader("content-type");
    stream.resume();
    if (isRefusal(checked) && checked !== "denied") return refuse(reply, aws, checked);
    authorizer.judgements.add(verdict.judged);
    return deny(reply, aws, verdict.message);
  }
  if (refused && aws.protocol !== "s3") {
    const xml = await text(stream);
    const refusal = refusalOfMoto(xml);
    if (refusal !== undefined) return refuse(reply.removeHeader("content-length"), aws, refusal);
    authorizer.judgements.add(verdict.judged);
    return reply.send(xml);
  }
  // S3's own refusals have the right shape, and moto has no other 403 for it.
  if (!refused) authorizer.judgements.add(verdict.judged);
  if (aws.service === "iam" && aws.action === "CreateAccessKey" && reply.statusCode === 200) {
    const xml = await text(stream);
    const [id, secret] = ["AccessKeyId", "SecretAccessKey"].map(
      (name) => new RegExp(`<${name}>([^<]+)`).exec(xml)?.[1],
    );
    if (id !== undefined && secret !== undefined) newKeys.add(id, secret);
    return reply.send(xml);
  }
  return reply.send(stream);
}
