/** What each source has to say, as data and as a table. */
import Table from "cli-table3";
import { Fault } from "../../fault.ts";
import {
  type Grade,
  NoCredentials,
  type Source,
  type Surroundings,
  UnlockRequired,
  whoIs,
} from "../../secrets/sources/index.ts";
import type { Check } from "./checks.ts";

/** One source. Times are ISO 8601, in UTC. */
export interface SourceReport {
  source: string;
  protection: Grade;
  /** `good` gave credentials that AWS knows, `locked` waits for a person, `absent` is not on this machine. */
  state: "good" | "locked" | "absent" | "failed";
  /** 12 digits. */
  account?: string;
  /** Who it is in AWS. */
  identity?: string;
  /** Whether the credentials end by themselves. */
  temporary?: boolean;
  /** When the credentials end. */
  expires?: string;
  /** When the person's session ends. */
  sessionEnds?: string;
  /** When it last gave credentials that AWS knew; this time where it is good. */
  lastCheck?: string;
  /** Why it is not good. */
  problem?: string;
}

/**
 * Asks a source, and AWS who it is.
 * @param account the only one allowed; empty allows any
 * @returns also the error, for the command to end with
 */
export async function examine(
  source: Source,
  surroundings: Surroundings,
  account: string,
  before: Check | undefined,
): Promise<{ report: SourceReport; error?: Error }> {
  const { title, grade } = source;
  const known = {
    source: title,
    protection: grade,
    ...(before && { account: before.account, identity: before.arn, lastCheck: before.at }),
  };
  try {
    const found = await source.load();
    const sessionEnds = (await source.sessionEnd?.())?.toISOString();
    if (!found) return { report: { ...known, state: "absent" } };
    const { account: own, arn } = await whoIs(found, surroundings);
    const report: SourceReport = {
      ...{ ...known, state: "good", account: own, identity: arn },
      ...{
        temporary: found.sessionToken !== undefined,
        expires: found.expiration?.toISOString(),
        sessionEnds,
      },
      lastCheck: new Date().toISOString(),
    };
    if (!account || own === account) return { report };
    throw new Fault(`The credentials are of another AWS account: ${title}.`, {
      got: `${own} (${arn})`,
      allowed: account,
      mend: `name another source, or: pulumi config set AWSMegatests:awsAccountId ${own}`,
    });
  } catch (reason) {
    const error = reason as Error;
    const state = error instanceof UnlockRequired ? "locked" : "failed";
    return { report: { ...known, state, problem: error.message }, error };
  }
}

/** What the command ends with: the error of the first source that is there, as a deployment would. */
export function verdict(all: { report: SourceReport; error?: Error }[]): Error | undefined {
  const first = all.find(({ report }) => report.state !== "absent");
  return first ? first.error : new NoCredentials(all.map(({ report }) => report.source));
}

/** A row for each source, wrapped to fit. */
export function sourcesTable(reports: SourceReport[]): string {
  const table = new Table({
    ...{ head: ["source", "state", "identity", "protection", "ends", "last check"] },
    ...{ style: { head: [], border: [] }, colWidths: [26, 8, 44, 12, 19, 19], wordWrap: true },
    wrapOnWordBoundary: false,
  });
  for (const { source, state, identity, protection, expires, sessionEnds, lastCheck } of reports) {
    const ends = [expires, sessionEnds && `session\n${sessionEnds}`].filter(Boolean).join("\n");
    table.push([source, state, identity ?? "", protection, minutes(ends), minutes(lastCheck ?? "never")]);
  }
  return table.toString();
}

/** Advice where a source that is used gives a key that never ends. */
export function advice(reports: SourceReport[]): string | undefined {
  const used = reports.find(({ state }) => state === "good");
  if (!used || used.temporary) return undefined;
  return (
    `${used.source} holds a key that does not end by itself. Temporary credentials are better: an AWS SSO profile (sso),\n` +
    "web identity in CI (web-identity), or a role on top of this source (assume-role)."
  );
}

/** Seconds say nothing to a person. */
function minutes(text: string): string {
  return text.replaceAll(/T(\d\d:\d\d):\d\d\.\d{3}Z/g, " $1Z");
}
