import {
  CONFIG_PREFIX_SEPARATOR,
  getSSOTokenFilepath,
  getSSOTokenFromFile,
  parseKnownFiles,
} from "@smithy/core/config";
import { z } from "zod";
import { Fault } from "../../fault.ts";
import { UnlockRequired } from "./refusals.ts";
import type { AwsCredentialIdentity, Source } from "./source.ts";
import { clientConfig, type Surroundings } from "./surroundings.ts";

/** What a profile of AWS SSO says, and the session it names. */
export interface SsoProfile {
  profile: string;
  session: string;
  startUrl: string;
  /** Region of the sign-in. */
  region: string;
  accountId: string;
  roleName: string;
}

const token = z.object({ accessToken: z.string().min(1), expiresAt: z.coerce.date() });

/**
 * A role in an account, by a session of AWS SSO. The SDK's own provider is not used: it asks the sign-in endpoint for
 * another token when the one it has is about to end
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
 */
export function ssoSource({ profile }: { profile: string }, surroundings: Surroundings): Source {
  const title = `AWS SSO profile ${profile}`;
  const now = surroundings.now ?? (() => new Date());
  return {
    title,
    grade: "reference",
    load: async () => {
      const found = await readSsoProfile(profile);
      if (!found) return undefined;
      const held = await readToken(found.session);
      if (!held) throw new UnlockRequired(profile, `no session ${found.session}`);
      if (held.expiresAt <= now())
        throw new UnlockRequired(profile, `a session that has ended at ${held.expiresAt.toISOString()}`);
      surroundings.onSecret?.(held.accessToken);
      return roleCredentials(title, found, held.accessToken, surroundings);
    },
    sessionEnd: async () => {
      const found = await readSsoProfile(profile);
      return found && (await readToken(found.session))?.expiresAt;
    },
    traces: async () => {
      const found = await readSsoProfile(profile);
      return found && (await readToken(found.session)) ? [getSSOTokenFilepath(found.session)] : [];
    },
  };
}

/**
 * A profile of ~/.aws/config, or of the file that AWS_CONFIG_FILE names.
 * @returns undefined where there is no profile of this name
 * @throws Fault naming what the profile or its session lacks
 */
export async function readSsoProfile(profile: string): Promise<SsoProfile | undefined> {
  const known = await parseKnownFiles({ ignoreCache: true });
  const found = known[profile];
  if (!found) return undefined;
  const session = found.sso_session ?? "";
  // Not by the SDK's loadSsoSessionData: it takes the `~/` of AWS_CONFIG_FILE for a folder of that name, and keeps what
  // it has read before a setup.
  const { sso_start_url: startUrl = "", sso_region: region = "" } =
    known[["sso-session", session].join(CONFIG_PREFIX_SEPARATOR)] ?? {};
  const { sso_account_id: accountId = "", sso_role_name: roleName = "" } = found;
  const needed = {
    sso_session: session,
    sso_account_id: accountId,
    sso_role_name: roleName,
    "sso_start_url of the session": startUrl,
    "sso_region of the session": region,
  };
  const missing = Object.entries(needed).flatMap(([name, value]) => (value ? [] : name));
  if (missing.length === 0) return { profile, session, startUrl, region, accountId, roleName };
  throw new Fault(`The profile ${profile} is none of AWS SSO with a session.`, {
    got: `no ${missing.join(", no ")}`,
    allowed: Object.keys(needed).join(", "),
    mend: "npm run --silent megatests -- credentials setup",
  });
}

/** Names of the profiles that have a session. */
export async function listSsoProfiles(): Promise<string[]> {
  const profiles = await parseKnownFiles({ ignoreCache: true });
  return Object.keys(profiles).filter((name) => profiles[name]?.sso_session && profiles[name].sso_role_name);
}

/** Undefined too where the file is none of a token. */
async function readToken(session: string): Promise<z.infer<typeof token> | undefined> {
  const held: unknown = await getSSOTokenFromFile(session).catch(() => undefined);
  return token.safeParse(held).data;
}

async function roleCredentials(
  title: string,
  { profile, accountId, roleName, region }: SsoProfile,
  accessToken: string,
  surroundings: Surroundings,
): Promise<AwsCredentialIdentity> {
  // It takes a while to load, and most stacks have no use for it.
  const sdk = await import("@aws-sdk/client-sso");
  const client = new sdk.SSOClient({ ...clientConfig(surroundings), region });
  try {
    const { roleCredentials: given } = await client.send(
      new sdk.GetRoleCredentialsCommand({ accountId, roleName, accessToken }),
    );
    const { accessKeyId = "", secretAccessKey = "", sessionToken, expiration = 0 } = given ?? {};
    return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiration) };
  } catch (reason) {
    throw refusal(reason as PortalError, profile, {
      title,
      role: `the role ${roleName} in account ${accountId}`,
    });
  }
}

/** What the SDK throws: of an answer it has the status, else there was none. */
interface PortalError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

function refusal(
  reason: PortalError,
  profile: string,
  { title, role }: { title: string; role: string },
): Fault {
  const status = reason.$metadata?.httpStatusCode;
  if (status === 401) return new UnlockRequired(profile, "a session that AWS has ended before its time");
  if (status === undefined || status === 429 || status >= 500)
    return new Fault(`AWS SSO cannot be asked now: ${title}.`, {
      got: [status, reason.message || reason.code || reason.name].filter(Boolean).join(" "),
      allowed: `an answer about ${role}`,
      mend: "run the same command again, later",
    });
  return new Fault(`AWS SSO gives no credentials: ${title}.`, {
    got: reason.message,
    allowed: `${role}, assigned to whoever has signed in`,
    mend: "have the role assigned; or choose another one: npm run --silent megatests -- credentials setup",
  });
}
