/** One model of where the infrastructure's AWS credentials come from. Nothing here needs Pulumi. */
import { dotenvSource } from "./dotenv.ts";
import { environmentSource } from "./environment.ts";
import { onePasswordSource } from "./onepassword.ts";
import { NoCredentials } from "./refusals.ts";
import { secretsManagerSource } from "./secrets-manager.ts";
import type { SourceSetting } from "./settings.ts";
import type { AwsCredentialIdentity, Source } from "./source.ts";
import { ssoSource } from "./sso.ts";
import { assumeRoleSource, webIdentitySource } from "./sts.ts";
import type { Surroundings } from "./surroundings.ts";

export { isTemporary } from "./complete.ts";
export { type CallerIdentity, whoIs } from "./identity.ts";
export { allowGrade, nameOnly, namingCommands } from "./naming.ts";
export { NoCredentials, UnlockRequired } from "./refusals.ts";
export { kindOf, sourceSetting, SOURCES_ALLOWED, type SourceSetting, tooWeak } from "./settings.ts";
export { shellWord } from "./shell-word.ts";
export {
  type AwsCredentialIdentity,
  type AwsCredentialIdentityProvider,
  type Grade,
  GRADES,
  type Source,
} from "./source.ts";
export { listSsoProfiles, readSsoProfile } from "./sso.ts";
export type { Surroundings } from "./surroundings.ts";

/** The source that a setting names; nothing is read yet. */
export function openSource(setting: SourceSetting, surroundings: Surroundings): Source {
  const source = sourceOf(setting, surroundings);
  const load = async () => {
    const identity = await source.load();
    surroundings.onSecret?.(identity?.secretAccessKey, identity?.sessionToken);
    return identity;
  };
  return { ...source, load };
}

function sourceOf(setting: SourceSetting, surroundings: Surroundings): Source {
  switch (setting.source) {
    case "onepassword":
      return onePasswordSource(surroundings);
    case "sso":
      return ssoSource(setting, surroundings);
    case "web-identity":
      return webIdentitySource(surroundings);
    case "environment":
      return environmentSource(surroundings);
    case "dotenv":
      return dotenvSource(setting, surroundings);
    case "assume-role":
      return assumeRoleSource(setting, openSource(setting.with, surroundings), surroundings);
    case "secrets-manager":
      return secretsManagerSource(setting, openSource(setting.with, surroundings), surroundings);
  }
}

/**
 * The first source that is there, and its credentials. One that is there but locked or broken ends the search: another
 * identity in its place would be a guess.
 * @throws UnlockRequired, NoCredentials, or the source's own Fault
 */
export async function findFirst(
  sources: Source[],
): Promise<{ source: Source; identity: AwsCredentialIdentity }> {
  for (const source of sources) {
    const identity = await source.load();
    if (identity) return { source, identity };
  }
  throw new NoCredentials(sources.map(({ title }) => title));
}

/** The same without the source. */
export async function loadFirst(sources: Source[]): Promise<AwsCredentialIdentity> {
  return (await findFirst(sources)).identity;
}

/** Whether a source, or one below it, is 1Password. */
export function isFromOnePassword(setting: SourceSetting): boolean {
  return setting.source === "onepassword" || ("with" in setting && isFromOnePassword(setting.with));
}
