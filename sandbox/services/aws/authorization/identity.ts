/** Who calls, and what AWS knows of the things a call names: as identity.py and facts.py tell it. */
import { z } from "zod";
import type { NamedPolicy, PolicyDocument } from "./simulate.ts";

const DOCUMENT = z.string().transform((text) => JSON.parse(text) as PolicyDocument);
const TAGS = z.record(z.string(), z.string());
const POLICIES = z.array(z.object({ name: z.string(), document: DOCUMENT }));

const USER = z.object({
  type: z.literal("User"),
  arn: z.string(),
  userId: z.string(),
  userName: z.string(),
  tags: TAGS,
  policies: POLICIES,
});

const SESSION = z.object({
  type: z.literal("AssumedRole"),
  arn: z.string(),
  userId: z.string(),
  /** The role of the session. */
  roleArn: z.string(),
  tags: TAGS,
  policies: POLICIES,
  boundary: DOCUMENT.nullable(),
  sessionPolicy: DOCUMENT.nullable(),
});

/** A user or a role's session with all documents that say what they may do. */
export type Identity = z.infer<typeof USER> | z.infer<typeof SESSION>;

const ENTITY = z.object({ arn: z.string(), tags: TAGS });

/** What can be asked of AWS while a request is read, by name or ARN; `null` where there is no such thing. */
const FACTS = {
  role: ENTITY.extend({ trust: DOCUMENT }).nullable(),
  user: ENTITY.nullable(),
  group: ENTITY.nullable(),
  policy: ENTITY.nullable(),
  "instance-profile": ENTITY.extend({ roles: z.array(z.string()) }).nullable(),
  /** ARN of the user that has an access key. */
  "key-owner": z.string().nullable(),
  "bucket-policy": DOCUMENT.nullable(),
  /** Names of the log groups that a query reads. */
  query: z.array(z.string()).nullable(),
  /** Id of a mount target's file system. */
  "mount-target": z.string().nullable(),
  /** Id of a launch template, by name. */
  "launch-template": z.string().nullable(),
  /** ARN of an instance's profile. */
  instance: z.string().nullable(),
  /** ARN of a secret. */
  secret: z.string().nullable(),
};

/** A kind of thing that AWS can be asked about. */
export type FactKind = keyof typeof FACTS;
type Fact<K extends FactKind> = z.infer<(typeof FACTS)[K]>;

/** A thing to ask about. */
export type Ask = [kind: FactKind, name: string];

/** moto's answer as it comes: the identity is `null` where no such key works. */
export const LOOK_UP = z.object({ identity: z.unknown(), facts: z.array(z.unknown()) });

/** The same identity is read again and again, and its documents are long: the last ones stay parsed. */
const PARSED = new Map<string, Identity>();
const PARSED_SIZE = 100;

/** @returns the identity, and a text that is the same for the same documents */
export function parseIdentity(answer: unknown): { identity: Identity; fingerprint: string } {
  const fingerprint = JSON.stringify(answer);
  const known = PARSED.get(fingerprint);
  if (known !== undefined) return { identity: known, fingerprint };
  const identity = z.union([USER, SESSION]).parse(answer);
  if (PARSED.size >= PARSED_SIZE) PARSED.clear();
  PARSED.set(fingerprint, identity);
  return { identity, fingerprint };
}

/** The facts known so far. A question without an answer is noted, and answered as if there were no such thing. */
export class Facts {
  readonly missing: Ask[] = [];
  readonly #known: Map<string, unknown>;

  constructor(known: Map<string, unknown>) {
    this.#known = known;
  }

  get<K extends FactKind>(kind: K, name: string): Fact<K> {
    const key = `${kind} ${name}`;
    if (this.#known.has(key)) return FACTS[kind].parse(this.#known.get(key)) as Fact<K>;
    this.missing.push([kind, name]);
    return null as Fact<K>;
  }
}

export type { NamedPolicy };
