/** A profile in ~/.aws/config, and whether it can be added to what stands there. */
import { loadSharedConfigFiles } from "@smithy/core/config";
import { NameTaken } from "./name-taken.ts";
import { SCOPE } from "./oidc.ts";
import { bareUrl } from "./questions.ts";
import { readHeaders, type SectionHeader } from "./section-headers.ts";
import type { SsoSession } from "./session.ts";

/** What is to be written. */
export interface WantedProfile extends SsoSession {
  /** Name of the profile. */
  profile: string;
  accountId: string;
  roleName: string;
  /** The region that commands work in with this profile. */
  profileRegion: string;
}

/** Sections of the two files, as AWS's SDK reads them; and the config's headers, which it may have passed over. */
export type AwsFiles = Awaited<ReturnType<typeof loadSharedConfigFiles>> & { headers: SectionHeader[] };

/** Reads both files anew. A file that is not there is empty. */
export async function readAwsFiles(): Promise<AwsFiles> {
  return { ...(await loadSharedConfigFiles({ ignoreCache: true })), headers: await readHeaders() };
}

/** The session for this portal as the file has it, where it has one. */
export function sessionFor(
  { configFile }: AwsFiles,
  startUrl: string,
  region: string,
): SsoSession | undefined {
  const prefix = "sso-session.";
  return Object.entries(configFile)
    .filter(([name, keys]) => name.startsWith(prefix) && keys.sso_region === region)
    .map(([name, keys]) => ({
      ...{ session: name.slice(prefix.length), startUrl: keys.sso_start_url ?? "", region },
    }))
    .find((session) => bareUrl(session.startUrl) === bareUrl(startUrl));
}

/**
 * The lines of the session's section; none where the file says it already.
 * @throws NameTaken where it says something else under the same name
 */
export function sessionLines(
  { configFile, headers }: AwsFiles,
  { session, startUrl, region }: SsoSession,
): string[] {
  const there = configFile[`sso-session.${session}`];
  const ours = { sso_start_url: startUrl, sso_region: region };
  refuseOther(`The session ${session}`, "--session", there, ours);
  if (there) return [];
  refuseHeader(`The session ${session}`, "--session", `sso-session ${session}`, headers, ours);
  return [`[sso-session ${session}]`, ...settings(ours), `sso_registration_scopes = ${SCOPE}`];
}

/**
 * The lines of the profile's section; none where the file says it already.
 * @throws NameTaken where it, or ~/.aws/credentials, says something else under the same name
 */
export function profileLines(
  { configFile, credentialsFile, headers }: AwsFiles,
  wanted: WantedProfile,
): string[] {
  const { profile } = wanted;
  const what = `The profile ${profile}`;
  // Keys in the other file would be taken in place of the profile's role.
  refuseOther(what, "--profile", credentialsFile[profile], {});
  const ours = {
    sso_session: wanted.session,
    sso_account_id: wanted.accountId,
    sso_role_name: wanted.roleName,
    region: wanted.profileRegion,
  };
  refuseOther(what, "--profile", configFile[profile], ours);
  if (configFile[profile]) return [];
  refuseHeader(what, "--profile", `profile ${profile}`, headers, ours);
  return [profile === "default" ? "[default]" : `[profile ${profile}]`, ...settings(ours)];
}

/**
 * Keys by which a profile gets other credentials than a role of AWS SSO, or has them sent elsewhere.
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
const ELSEWHERE =
  /^(aws_(access_key_id|secret_access_key|session_token)|credential_process|credential_source|login_session|role_arn|source_profile|web_identity_token_file|endpoint_url|services)$/;

function refuseOther(
  what: string,
  flag: NameTaken["flag"],
  there: Record<string, string | undefined> | undefined,
  ours: Record<string, string>,
): void {
  if (there === undefined) return;
  const different = Object.keys(ours).filter((key) => there[key] !== ours[key]);
  // By name alone: their values may be secret.
  const strange = Object.keys(there).filter((key) => ELSEWHERE.test(key));
  if (different.length === 0 && strange.length === 0) return;
  throw new NameTaken(
    what,
    flag,
    [...different.map((key) => (there[key] ? `${key} = ${there[key]}` : `no ${key}`)), ...strange].join("; "),
    settings(ours).join("; ") || "a name that ~/.aws/credentials has no keys for",
  );
}

/** A section of this name of which AWS's SDK sees nothing: a second one would break the file for others, or hide it. */
function refuseHeader(
  what: string,
  flag: NameTaken["flag"],
  section: string,
  headers: SectionHeader[],
  ours: Record<string, string>,
): void {
  const found = headers.find((header) => header.section === section);
  if (!found) return;
  const got = `${found.text} in line ${found.line}, in which AWS's SDK sees no setting`;
  throw new NameTaken(what, flag, got, settings(ours).join("; "));
}

function settings(keys: Record<string, string>): string[] {
  return Object.entries(keys).map(([key, value]) => `${key} = ${value}`);
}
