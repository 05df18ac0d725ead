/** Decides each request as AWS does: by the caller's documents as they are at that moment. */
import type { FastifyRequest } from "fastify";
import type { AwsRequest } from "../request.ts";
import { denialMessage, unjudgedMessage } from "./denial.ts";
import { type Ask, Facts, type Identity, parseIdentity } from "./identity.ts";
import { Judgements, type Judgement } from "./judgements.ts";
import { readCalls, takeApart } from "./read-calls.ts";
import { type Right, Unreadable } from "./reading.ts";
import { accountOf, type Decision, simulate } from "./simulate.ts";

/** Asks moto whose a key is, and of the things a request names. */
export type LookUp = (question: {
  accessKeyId: string;
  region: string;
  facts: Ask[];
}) => Promise<{ identity?: unknown; facts: unknown[] }>;

/**
 * What is to be done with a request. `judged` is for the record, once the signature has proven right.
 * - `unknown-key`: no user and no session has the key
 */
export type Verdict =
  | { kind: "unknown-key" }
  | { kind: "allowed"; judged: Judgement[] }
  | { kind: "denied"; message: string; judged: Judgement[] };

/** Decisions that are kept: a deployment's calls, some hundreds, come again and again. */
const KEPT_DECISIONS = 5000;

/** The authority over one account. */
export class Authorizer {
  readonly judgements = new Judgements();
  readonly #lookUp: LookUp;
  readonly #accountId: string;
  readonly #decisions = new Map<string, Decision>();

  constructor(accountId: string, lookUp: LookUp) {
    this.#accountId = accountId;
    this.#lookUp = lookUp;
  }

  /** Reads a request and judges all rights it needs: the first that is missing denies it. */
  async judge(request: FastifyRequest, aws: AwsRequest & { accessKeyId: string }): Promise<Verdict> {
    const { accessKeyId, region = "", service, action } = aws;
    const known = new Map<string, unknown>();
    // The first reading asks nobody, so that one look-up brings the identity and all that the second needs.
    const asked = await this.#read(request, aws, "", known).catch(() => ({ missing: [] as Ask[] }));
    const answer = await this.#ask(known, accessKeyId, region, asked.missing);
    if (answer === null || answer === undefined) return { kind: "unknown-key" };
    const { identity, fingerprint } = parseIdentity(answer);
    const at = new Date().toISOString();
    const requested = service === "iam" ? regionOfIam(region) : region;
    try {
      let read = await this.#read(request, aws, identity.arn, known);
      while (read.missing.length > 0) {
        await this.#ask(known, accessKeyId, region, read.missing);
        read = await this.#read(request, aws, identity.arn, known);
      }
      const judged: Judgement[] = [];
      for (const right of read.rights) {
        const call = { ...right, context: { ...always(identity, requested, right), ...right.context } };
        const decision = await this.#decide(identity, fingerprint, call);
        const { result, allowedBy, denial } = decision;
        judged.push({
          at,
          principal: identity.arn,
          action: right.action,
          resource: right.resource,
          context: call.context,
          result,
          allowedBy,
        });
        if (denial !== undefined)
          return {
            kind: "denied",
            message: denialMessage(identity.arn, right, denial, aws.protocol),
            judged,
          };
      }
      return { kind: "allowed", judged };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const judged = [
        {
          at,
          principal: identity.arn,
          action: `${service}:${action}`,
          resource: "",
          context: {},
          result: "Unjudged" as const,
          allowedBy: [],
        },
      ];
      return {
        kind: "denied",
        message: unjudgedMessage(identity.arn, `${service}:${action}`, error.message),
        judged,
      };
    }
  }

  async #read(request: FastifyRequest, aws: AwsRequest, caller: string, known: Map<string, unknown>) {
    const facts = new Facts(known);
    const rights = await readCalls(takeApart(request, aws, { accountId: this.#accountId, caller }), facts);
    return { rights, missing: facts.missing };
  }

  async #ask(
    known: Map<string, unknown>,
    accessKeyId: string,
    region: string,
    facts: Ask[],
  ): Promise<unknown> {
    const answer = await this.#lookUp({ accessKeyId, region, facts });
    facts.forEach(([kind, name], index) => known.set(`${kind} ${name}`, answer.facts[index]));
    return answer.identity;
  }

  async #decide(identity: Identity, fingerprint: string, right: Right): Promise<Decision> {
    const key = `${JSON.stringify(right)} ${fingerprint}`;
    const known = this.#decisions.get(key);
    if (known !== undefined) return known;
    const { resourcePolicy, ...call } = right;
    const decision = await simulate(
      identity,
      call,
      resourcePolicy,
      ownerOf(right.resource) ?? this.#accountId,
    ).catch((error: Error) => {
      throw new Unreadable(error.message);
    });
    if (this.#decisions.size >= KEPT_DECISIONS) this.#decisions.clear();
    this.#decisions.set(key, decision);
    return decision;
  }
}

/** AWS's own policies and parameters belong to no account, and neither does a bucket's ARN name one. */
function ownerOf(resource: string): string | undefined {
  return /^\d{12}$/.exec(accountOf(resource))?.[0];
}

/** IAM is in one region of a partition, whatever region a client with an endpoint of its own signs for. */
function regionOfIam(region: string): string {
  if (region.startsWith("cn-")) return "cn-north-1";
  return region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
}

/** The gateway takes no other kind of signature. */
const SIGNED_FOR_S3 = { "s3:authType": "REST-HEADER", "s3:signatureversion": "AWS4-HMAC-SHA256" };

/** Condition keys that AWS sets for every call. */
function always(identity: Identity, region: string, { action, resource }: Right): Record<string, string> {
  const session = identity.type === "AssumedRole";
  const account = accountOf(identity.arn);
  return {
    "aws:RequestedRegion": region,
    "aws:PrincipalArn": session ? identity.roleArn : identity.arn,
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": identity.type,
    "aws:userid": identity.userId,
    ...(session ? {} : { "aws:username": identity.userName }),
    "aws:ResourceAccount": ownerOf(resource) ?? account,
    // The gateway stands for AWS's own addresses, which clients reach by TLS.
    "aws:SecureTransport": "true",
    "aws:ViaAWSService": "false",
    ...(action.startsWith("s3:") ? SIGNED_FOR_S3 : {}),
    ...Object.fromEntries(
      Object.entries(identity.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
  };
}
