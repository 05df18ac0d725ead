/** Decides each request as AWS does: by the caller's documents as they are at that moment. */
import type { FastifyRequest } from "fastify";
import type { AwsRequest } from "../request.ts";
import { contextOf, ownerOf, regionOfIam } from "./context.ts";
import { denialMessage, unjudgedMessage } from "./denial.ts";
import { type Ask, Facts, type Identity, parseIdentity } from "./identity.ts";
import { Judgements, type Judgement } from "./judgements.ts";
import { readCalls, takeApart } from "./read-calls.ts";
import { type Right, Unreadable } from "./reading.ts";
import { type Decision, simulate } from "./simulate.ts";

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
        const call = { ...right, context: { ...contextOf(identity, requested, right), ...right.context } };
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
