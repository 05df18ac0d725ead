import type { AwsCredentialIdentity } from "@smithy/types";

export type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";

/**
 * How that which opens the credentials is kept for longer than a session: in clear, as ciphertext, or not at all, so
 * that only a pointer is kept. The weakest comes first. docs/decisions/0010-credential-sources.md
 */
export const GRADES = ["plaintext", "encrypted", "reference"] as const;
export type Grade = (typeof GRADES)[number];

/** Whether the first protects at least as well as the second. */
export function atLeast(grade: Grade, least: Grade): boolean {
  return GRADES.indexOf(grade) >= GRADES.indexOf(least);
}

/** A place the infrastructure's AWS credentials may come from, because the stack's config names it. */
export interface Source {
  /** Which one, for people, e.g. `AWS SSO profile megatests`. */
  title: string;
  grade: Grade;
  /**
   * Reads credentials, each time anew. A source that only a person can open is never opened.
   * @returns undefined where the source is not there at all: no such profile, variable or file
   * @throws UnlockRequired where a person has to sign in first
   * @throws Fault naming what is incomplete or refused; never a value
   */
  load(): Promise<AwsCredentialIdentity | undefined>;
  /** End of the session that a person has begun; undefined where there is none. @default it knows no sessions */
  sessionEnd?(): Promise<Date | undefined>;
  /** Files on this machine that a sign-in has left. @default it leaves none */
  traces?(): Promise<string[]>;
}
