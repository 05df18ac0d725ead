/**
 * AWS for the sandbox. The service itself is moto, unchanged; this gateway in front of it adds what moto does not imitate
 * (new keys that are not known yet, errors in each service's own shape), injects faults, and records every call.
 */
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import replyFrom from "@fastify/reply-from";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import type { AccessKeyMetadata, User } from "@aws-sdk/client-iam";
import { z } from "zod";
import type { Service, ServiceOptions } from "../service.ts";
import { answerSimulation } from "./authorization/simulate-principal.ts";
import { startMoto, type Moto } from "./moto.ts";
import { KEY_TIMES, NewKeys, type KeyDelays } from "./new-keys.ts";
import { refusalOfMoto, refusalOfStatus, refuse } from "./refusals.ts";
import { readAwsRequest, type AwsRequest } from "./request.ts";
import {
  createBucket,
  listBuckets,
  listKeys,
  listPolicies,
  listUsers,
  type BucketView,
  type ClientConfig,
  type PolicyView,
} from "./world.ts";

/** What AWS needs beyond {@link ServiceOptions}. */
export interface AwsOptions extends KeyDelays {
  /** Interpreter of the Python environment that has moto. */
  python: string;
}

/**
 * A running AWS. A fresh one has the seed's deployer with the seed's access key, an administrator, and the seed's bucket.
 * Faults match, and the record shows, `iam:CreateAccessKey`, `batch:DescribeComputeEnvironments`, and for S3 method, path
 * and sub-resource: `s3:GET /bucket cors`.
 */
export interface AwsService extends Service {
  /** Seconds until a new access key is known. */
  setNewKeySeconds(seconds: number): void;
  /** The same for single services, by signing name; replaces what was set. */
  setServiceDelays(seconds: Record<string, number>): void;
  /** For an SDK client that acts as the deployer on moto itself: never delayed, never recorded. */
  adminClientConfig(): ClientConfig;
  /** Secrets of all access keys made in this process, by id: what a search for leaks looks for. */
  madeSecrets(): Record<string, string>;
  /** Access keys of a user. @throws NoSuchEntityException when there is no such user */
  keys(userName: string): Promise<AccessKeyMetadata[]>;
  users(): Promise<User[]>;
  /** The account's own policies with their documents. */
  policies(): Promise<PolicyView[]>;
  buckets(): Promise<BucketView[]>;
}

const SAVED = z.strictObject({ moto: z.base64(), keyTimes: KEY_TIMES });

/** Larger requests are refused; S3's clients send larger files in parts. */
const BODY_LIMIT = 256 * 1024 * 1024;

/**
 * Starts moto and the gateway, with a fresh world or a saved one.
 * @throws Error when moto does not start, or did not save what it is to restore
 */
export async function startAws(options: ServiceOptions & AwsOptions): Promise<AwsService> {
  const saved = options.saved === undefined ? undefined : SAVED.parse(options.saved);
  const moto = await startMoto(options.python, options.seed);
  const config: ClientConfig = {
    endpoint: moto.url,
    region: options.seed.region,
    credentials: options.seed.deployer,
    forcePathStyle: true,
  };
  try {
    if (saved === undefined) await createBucket(config, options.seed);
    else await moto.load(bytes(saved.moto));
    const newKeys = new NewKeys(options, saved?.keyTimes);
    const app = createGateway(moto, newKeys, options, config);
    const url = await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
    return {
      name: "aws",
      url,
      snapshot: async () => ({
        moto: Buffer.from(await moto.save()).toString("base64"),
        keyTimes: newKeys.times,
      }),
      restore: async (other) => {
        const { moto: world, keyTimes } = SAVED.parse(other);
        await moto.load(bytes(world));
        newKeys.times = keyTimes;
      },
      close: async () => {
        await app.close();
        await moto.close();
      },
      setNewKeySeconds: (seconds) => void (newKeys.seconds = seconds),
      setServiceDelays: (seconds) => void (newKeys.perService = seconds),
      adminClientConfig: () => config,
      madeSecrets: () => ({ ...newKeys.secrets }),
      keys: (userName) => listKeys(config, userName),
      users: () => listUsers(config),
      policies: () => listPolicies(config),
      buckets: () => listBuckets(config),
    };
  } catch (error) {
    await moto.close();
    throw error;
  }
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

function createGateway(moto: Moto, newKeys: NewKeys, { faults }: ServiceOptions, config: ClientConfig) {
  const app = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  // The bytes are signed: nothing may parse them and write them anew.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.register(replyFrom, { base: moto.url, disableRequestLogging: true });
  app.register(
    faults.plugin("aws", {
      pathOf: (request) => {
        const { service, action } = readAwsRequest(request);
        return `${service}:${action}`;
      },
      answer: (reply, status, request) =>
        refuse(reply, readAwsRequest(request), refusalOfStatus(status), status),
    }),
  );
  app.all("/*", async (request, reply) => {
    // Only for whoever runs moto: they reset it, or switch authentication off.
    if (/^\/(moto-api|sandbox)(\/|$)/.test(request.url)) return reply.code(404).send();
    const aws = readAwsRequest(request);
    if (aws.accessKeyId === undefined) return refuse(reply, aws, "unsigned");
    if (newKeys.refused(aws.accessKeyId, aws.service)) return refuse(reply, aws, "unknown-key");
    if (aws.service === "iam" && aws.action === "SimulatePrincipalPolicy")
      return reply.type("text/xml").send(await answerSimulation(String(request.body), config));
    return forward(request, reply, aws, newKeys);
  });
  return app;
}

function forward(request: FastifyRequest, reply: FastifyReply, aws: AwsRequest, newKeys: NewKeys) {
  // reply-from would rewrite a body's content type, which is signed; a stream it leaves alone.
  if (Buffer.isBuffer(request.body)) {
    const { body } = request;
    request.body = Readable.from([body], { objectMode: false });
  }
  return reply.from(undefined, {
    // Its own retries would hide moto's errors from the client, whose retries are what is being tried.
    retryDelay: () => null,
    rewriteRequestHeaders: (original, headers) => {
      const { expect: _answeredAlready, ...rest } = headers;
      return { ...rest, host: original.headers.host };
    },
    onResponse: (_request, _reply, answer) => {
      const stream = (answer as unknown as { stream: Readable }).stream;
      void respond(stream, reply, aws, newKeys).catch((error: Error) => reply.send(error));
    },
    onError: () => void refuse(reply, aws, "down"),
  });
}

/** Passes moto's answer on: most as a stream; errors of authentication in the service's own shape. */
async function respond(stream: Readable, reply: FastifyReply, aws: AwsRequest, newKeys: NewKeys) {
  if (aws.service === "iam" && aws.action === "CreateAccessKey" && reply.statusCode === 200) {
    const xml = await text(stream);
    const [id, secret] = ["AccessKeyId", "SecretAccessKey"].map(
      (name) => new RegExp(`<${name}>([^<]+)`).exec(xml)?.[1],
    );
    if (id !== undefined && secret !== undefined) newKeys.add(id, secret);
    return reply.send(xml);
  }
  if (aws.protocol !== "s3" && (reply.statusCode === 401 || reply.statusCode === 403)) {
    const xml = await text(stream);
    const refusal = refusalOfMoto(xml);
    if (refusal === undefined) return reply.send(xml);
    return refuse(reply.removeHeader("content-length"), aws, refusal);
  }
  return reply.send(stream);
}
