/**
 * AWS for the sandbox. The service itself is moto, unchanged; this gateway in front of it adds what moto does not imitate
 * (new keys that are not known yet, who may do what, errors in each service's own shape), injects faults, and records
 * every call.
 */
import replyFrom from "@fastify/reply-from";
import fastify, { type FastifyRequest } from "fastify";
import type { AccessKeyMetadata, User } from "@aws-sdk/client-iam";
import { z } from "zod";
import type { Service, ServiceOptions } from "../service.ts";
import { Authorizer } from "./authorization/authorize.ts";
import { answerSimulation } from "./authorization/simulate-principal.ts";
import type { Judgement } from "./authorization/judgements.ts";
import { limitDeployer, type Deployed } from "./deployer.ts";
import { forward, type Parts } from "./forward.ts";
import { startMoto } from "./moto.ts";
import { KEY_TIMES, NewKeys, type KeyDelays } from "./new-keys.ts";
import { refusalOfStatus, refuse, refuseStranger } from "./refusals.ts";
import { readAwsRequest, type AwsRequest } from "./request.ts";
import { assumePermissionSet, type RoleSession } from "./sessions.ts";
import {
  assumeRole,
  createBucket,
  listBuckets,
  listKeys,
  listPolicies,
  listUsers,
  type BucketView,
  type ClientConfig,
  type PolicyView,
  type SessionCredentials,
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
  /** From now on the deployer may deploy this stack, and nothing else. */
  limitDeployer(deployed: Deployed): Promise<void>;
  /** For an SDK client that acts as the deployer on moto itself: never delayed, never denied, never recorded. */
  adminClientConfig(): ClientConfig;
  /** Secrets of all access keys made in this process, by id: what a search for leaks looks for. */
  madeSecrets(): Record<string, string>;
  /** Access keys of a user. @throws NoSuchEntityException when there is no such user */
  keys(userName: string): Promise<AccessKeyMetadata[]>;
  users(): Promise<User[]>;
  /** The account's own policies with their documents. */
  policies(): Promise<PolicyView[]>;
  buckets(): Promise<BucketView[]>;
  /** Session credentials of a role that people sign in to: one of the imitated portal. */
  assumeRole(accountId: string, roleName: string): Promise<RoleSession>;
  /** Every right that a request with a good signature has needed, with what came of it; oldest first. Forgotten on `restore`. */
  judgements(): Judgement[];
  /** Forgets all of {@link judgements} so far. */
  clearJudgements(): void;
  /** Credentials of a role's session, whatever the role's trust says. @param policy document that limits it */
  createSession(roleArn: string, policy?: object): Promise<SessionCredentials>;
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
    const authorizer = new Authorizer(options.seed.awsAccountId, moto.lookUp);
    const app = createGateway({ moto, newKeys, authorizer }, options, config);
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
        authorizer.judgements.clear();
      },
      close: async () => {
        await app.close();
        await moto.close();
      },
      setNewKeySeconds: (seconds) => void (newKeys.seconds = seconds),
      setServiceDelays: (seconds) => void (newKeys.perService = seconds),
      limitDeployer: (deployed) => limitDeployer(config, deployed, options.seed),
      adminClientConfig: () => config,
      madeSecrets: () => ({ ...newKeys.secrets }),
      keys: (userName) => listKeys(config, userName),
      users: () => listUsers(config),
      policies: () => listPolicies(config),
      buckets: () => listBuckets(config),
      assumeRole: (accountId, roleName) => assumePermissionSet(config, accountId, roleName),
      judgements: () => authorizer.judgements.all,
      clearJudgements: () => authorizer.judgements.clear(),
      createSession: (roleArn, policy) => assumeRole(config, roleArn, policy),
    };
  } catch (error) {
    await moto.close();
    throw error;
  }
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

function createGateway(parts: Parts, { faults }: ServiceOptions, config: ClientConfig) {
  const { moto, newKeys, authorizer } = parts;
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
    // Its token, not a signature, says who asks; moto looks at the trust.
    if (aws.action === "AssumeRoleWithWebIdentity")
      return forward(request, reply, aws, { kind: "allowed", judged: [] }, parts);
    const { accessKeyId } = aws;
    if (accessKeyId === undefined) return refuse(reply, aws, "unsigned");
    if (newKeys.refused(accessKeyId, aws.service)) return refuse(reply, aws, "unknown-key");
    const { assumed, trusting } = rolesOf(request, aws);
    if (assumed !== null && newKeys.refusedRole(assumed)) return refuse(reply, aws, "denied");
    if (trusting !== null)
      reply.raw.once("finish", () => reply.statusCode === 200 && newKeys.addRole(trusting));
    const verdict = await authorizer.judge(request, { ...aws, accessKeyId }).catch(unlessDown);
    if (verdict === undefined) return refuse(reply, aws, "down");
    if (verdict.kind === "unknown-key") return refuse(reply, aws, "unknown-key");
    if (aws.action === "SimulatePrincipalPolicy" && verdict.kind === "allowed") {
      authorizer.judgements.add(verdict.judged);
      const answer = await answerSimulation(String(request.body), config);
      return answer === undefined ? refuseStranger(reply, aws) : reply.type("text/xml").send(answer);
    }
    return forward(request, reply, aws, verdict, parts);
  });
  return app;
}

/** ARN of the role that is to be assumed, and name of the one whose trust is to be another; null where it is neither. */
function rolesOf({ body }: FastifyRequest, { service, action }: AwsRequest) {
  const form = new URLSearchParams(
    Buffer.isBuffer(body) && /^(iam|sts)$/.test(service) ? body.toString() : "",
  );
  const trusts = action === "CreateRole" || action === "UpdateAssumeRolePolicy";
  return {
    assumed: action === "AssumeRole" ? form.get("RoleArn") : null,
    trusting: trusts ? form.get("RoleName") : null,
  };
}

/** A connection that fails has a code. */
function unlessDown(error: Error): undefined {
  if (!("code" in error)) throw error;
}
