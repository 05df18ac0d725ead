/** What the imitated sign-in service knows: portal, people's rights, and what it has handed out. */
import { randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import type { Seed } from "../seed.ts";

/** How long things last, in seconds; read at each use. */
export interface SsoTimes {
  /** A registered client. @default 90 days, as AWS's */
  clientSeconds: number;
  /** A device code. @default 600, as AWS's */
  deviceSeconds: number;
  /** Pause a client is told to keep between two questions. @default 1; AWS's is 5 */
  intervalSeconds: number;
  /** An access token. @default 8 hours, as AWS's */
  tokenSeconds: number;
  /** A refresh token. @default 7 days */
  refreshSeconds: number;
}

/** The usual times. */
export const TIMES: SsoTimes = {
  clientSeconds: 90 * 86_400,
  deviceSeconds: 600,
  intervalSeconds: 1,
  tokenSeconds: 8 * 3600,
  refreshSeconds: 7 * 86_400,
};

const client = z.strictObject({ secret: z.string(), expiresAt: z.number(), refreshes: z.boolean() });
const device = z.strictObject({
  clientId: z.string(),
  userCode: z.string(),
  expiresAt: z.number(),
  askedAt: z.number(),
  answer: z.enum(["none", "allowed", "denied", "used"]),
});
const refresh = z.strictObject({ clientId: z.string(), expiresAt: z.number() });

/** Plain JSON: clients by id, the rest by the secret that was handed out; times in milliseconds. */
export const SSO_STATE = z.strictObject({
  clients: z.record(z.string(), client),
  devices: z.record(z.string(), device),
  accessTokens: z.record(z.string(), z.strictObject({ expiresAt: z.number() })),
  refreshTokens: z.record(z.string(), refresh),
});
export type SsoState = z.infer<typeof SSO_STATE>;
export type Device = z.infer<typeof device>;

/** Nobody has signed in. */
export function makeState(): SsoState {
  return { clients: {}, devices: {}, accessTokens: {}, refreshTokens: {} };
}

/** An account of the portal, and what one may be there. */
export interface Account {
  accountId: string;
  accountName: string;
  emailAddress: string;
  roles: string[];
}

/** Deploys the stack. */
export const PERSONS_DEPLOYER = "MegatestsDeployer";

/** What everybody who signs in is assigned to. */
export function accountsOf(seed: Seed): Account[] {
  return [
    {
      accountId: seed.awsAccountId,
      accountName: "AWSMegatests",
      emailAddress: "megatests@nf-co.re",
      roles: ["AdministratorAccess", PERSONS_DEPLOYER],
    },
    {
      accountId: "210987654321",
      accountName: "nf-core-infrastructure",
      emailAddress: "infrastructure@nf-co.re",
      roles: ["ReadOnlyAccess"],
    },
  ];
}

/** Something nobody can guess. */
export function newToken(): string {
  return randomBytes(48).toString("base64url");
}

/** Without letters that look like others. */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

/** `BCDF-GHJK`: short, because people type it. */
export function newUserCode(): string {
  const four = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${four()}-${four()}`;
}
