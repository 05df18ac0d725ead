/** A profile in ~/.aws/config, and whether it can be added to what stands there. */
import { loadSharedConfigFiles } from "@smithy/core/config";
import { Fault } from "../../../fault.ts";
import { SCOPE } from "./oidc.ts";
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

/** Sections of the two files, as AWS's SDKs read them. */
export type AwsFiles = Awaited<ReturnType<typeof loadSharedConfigFiles>>;

/** Reads both files anew. A file that is not there is empty. */
export function readAwsFiles(): Promise<AwsFiles> {
  return loadSharedConfigFiles({ ignoreCache: true });
}

/** The name of a session for this portal, where the file has one already. */
export function sessionFor({ configFile }: AwsFiles, startUrl: string, region: string): string | undefined {
  const prefix = "sso-session.";
  const found = Object.entries(configFile).find(
    ([name, keys]) =>
      name.startsWith(prefix) && keys.sso_start_url === startUrl && keys.sso_region === region,
  );
  return found?.[0].slice(prefix.length);
}

/**
 * The lines that are missing, without the blank line before them; none where the files say it already.
 * @throws ProfileTaken where they say something else under the same name
 */
export function missingLines(files: AwsFiles, wanted: WantedProfile): string[] {
  const { profile, session } = wanted;
  refuseOther(`The session ${session}`, "--session", files.configFile[`sso-session.${session}`], {
    sso_start_url: wanted.startUrl,
    sso_region: wanted.region,
  });
  // Keys in the other file would be taken in place of the profile's role.
  refuseOther(`The profile ${profile}`, "--profile", files.credentialsFile[profile], {});
  const ours = {
    sso_session: session,
    sso_account_id: wanted.accountId,
    sso_role_name: wanted.roleName,
    region: wanted.profileRegion,
  };
  refuseOther(`The profile ${profile}`, "--profile", files.configFile[profile], ours);
  const lines: string[] = [];
  if (!files.configFile[`sso-session.${session}`])
    lines.push(
      `[sso-session ${session}]`,
      `sso_start_url = ${wanted.startUrl}`,
      `sso_region = ${wanted.region}`,
      `sso_registration_scopes = ${SCOPE}`,
      "",
    );
  if (!files.configFile[profile])
    lines.push(
      profile === "default" ? "[default]" : `[profile ${profile}]`,
      ...Object.entries(ours).map(([key, value]) => `${key} = ${value}`),
    );
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** The name belongs to something else: asked again at a terminal. */
export class ProfileTaken extends Fault {
  readonly flag: "--session" | "--profile";

  constructor(what: string, flag: ProfileTaken["flag"], got: string, allowed: string) {
    super(`${what} is there already and is another one, so nothing is written.`, {
      ...{ got, allowed },
      mend: `choose another name: ${flag} NAME; or take the old one out of the file by hand`,
    });
    this.flag = flag;
  }
}

/**
 * Keys by which a profile gets other credentials than a role of AWS SSO, or has them sent elsewhere.
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
const ELSEWHERE =
  /^(aws_(access_key_id|secret_access_key|session_token)|credential_process|credential_source|login_session|role_arn|source_profile|web_identity_token_file|endpoint_url|services)$/;

function refuseOther(
  what: string,
  flag: ProfileTaken["flag"],
  there: Record<string, string | undefined> | undefined,
  ours: Record<string, string>,
): void {
  if (there === undefined) return;
  const different = Object.keys(ours).filter((key) => there[key] !== ours[key]);
  // By name alone: their values may be secret.
  const strange = Object.keys(there).filter((key) => ELSEWHERE.test(key));
  if (different.length === 0 && strange.length === 0) return;
  throw new ProfileTaken(
    what,
    flag,
    [...different.map((key) => (there[key] ? `${key} = ${there[key]}` : `no ${key}`)), ...strange].join("; "),
    Object.entries(ours)
      .map(([key, value]) => `${key} = ${value}`)
      .join("; ") || "a name that ~/.aws/credentials has no keys for",
  );
}
