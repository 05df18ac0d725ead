/** What each source has to say, as data and as a table. */
import Table from "cli-table3";
import { Fault } from "../../fault.ts";
import { INFRASTRUCTURE, type CredentialContext } from "../../secrets/context.ts";
import {
  type CallerIdentity,
  type Grade,
  loadFirst,
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
  /** When the person's session ends, or has ended. */
  sessionEnds?: string;
  /** When it last gave credentials that AWS knew; this time where it is good. */
  lastCheck?: string;
  /** Why it is not good. */
  problem?: string;
}

/** A source's row, and the error for the command to end with where it is not good. */
export interface Examined {
  report: SourceReport;
  error?: Error;
}

/** What examining works with. */
export interface Examination {
  /** Holds what the source gives, for as long as AWS is asked. */
  context: CredentialContext;
  surroundings: Surroundings;
  /** The only account allowed; empty allows any. */
  account: string;
  /** What the last check saw. @default there was none */
  before?: Check;
}

/** Asks a source, and AWS who it is. */
export async function examine(source: Source, examination: Examination): Promise<Examined> {
  const { context, before } = examination;
  const { title, grade } = source;
  const ends = await source.sessionEnd?.().catch(() => undefined);
  const known = {
    ...{ source: title, protection: grade, sessionEnds: ends?.toISOString() },
    ...(before && { account: before.account, identity: before.arn, lastCheck: before.at }),
  };
  try {
    return await context.under({ [INFRASTRUCTURE]: () => loadFirst([source]) }, async () => {
      const found = await context.get();
      const { account, arn } = await knownTo(title, examination);
      const report: SourceReport = {
        ...{ ...known, state: "good", account, identity: arn },
        ...{ temporary: found.sessionToken !== undefined, expires: context.expiry()?.toISOString() },
        lastCheck: new Date().toISOString(),
      };
      return { report };
    });
  } catch (reason) {
    const error = reason as Error;
    if (error instanceof NoCredentials) return { report: { ...known, state: "absent" } };
    const state = error instanceof UnlockRequired ? "locked" : "failed";
    return { report: { ...known, state, problem: error.message }, error };
  }
}

/** @throws Fault where AWS refuses or does not answer, or names another account */
async function knownTo(
  title: string,
  { context, surroundings, account }: Examination,
): Promise<CallerIdentity> {
  const identity = await whoIs(context.provider(), surroundings).catch(({ name, message }: Error) => {
    throw new Fault(`AWS does not say who the credentials are: ${title}.`, {
      got: `${name}: ${message}`,
      allowed: "credentials that AWS knows, and a network that reaches AWS STS",
      mend: "put working credentials where the source takes them from; npm run --silent megatests -- doctor tells whether AWS is reached and the clock is right",
    });
  });
  if (!account || identity.account === account) return identity;
  throw new Fault(`The credentials are of another AWS account: ${title}.`, {
    got: `${identity.account} (${identity.arn})`,
    allowed: account,
    mend: `name another source, or: pulumi config set AWSMegatests:awsAccountId ${identity.account}`,
  });
}

/**
 * What the command ends with: the error of the first source that is there, as a deployment would.
 * @param stack whose sources they are. @default the selected one
 */
export function verdict(all: Examined[], stack?: string): Error | undefined {
  const first = all.find(({ report }) => report.state !== "absent");
  return first
    ? first.error
    : new NoCredentials(
        all.map(({ report }) => report.source),
        stack,
      );
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

/** Why sources are not good, of those that do not decide: the verdict is said by itself. */
export function otherProblems(all: Examined[]): string | undefined {
  const said = verdict(all);
  const problems = all.flatMap(({ error }) => (error && error !== said ? [error.message] : []));
  return problems.length > 0 ? problems.join("\n") : undefined;
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
