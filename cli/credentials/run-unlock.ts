/** From the options of `megatests credentials unlock` to its last line. */
import { Fault } from "../../fault.ts";
import { readSsoProfile, shellWord, SOURCES_ALLOWED } from "../../secrets/sources/index.ts";
import { makeProgress } from "../progress.ts";
import { findPlace } from "../stack/place.ts";
import { readNamedSources, ssoProfiles } from "./named-sources.ts";
import { openSession } from "./sso/open.ts";

/** What was typed. */
export interface UnlockOptions {
  stack?: string;
  profile?: string;
}

/** @throws Fault when the sign-in is denied, or a profile is not there */
export async function runUnlock({ stack, profile }: UnlockOptions): Promise<void> {
  const progress = makeProgress();
  const profiles = profile === undefined ? await profilesOf(stack) : [profile];
  if (profiles.length === 0) {
    print("There is nothing to unlock: none of the stack's sources is AWS SSO.");
    return;
  }
  const sessions = new Set<string>();
  for (const name of profiles) {
    const found = await readSsoProfile(name);
    if (!found) throw missing(name);
    // Profiles may share one.
    if (!sessions.has(found.session)) await openSession(found, progress);
    sessions.add(found.session);
    print(`The profile ${name} is open: role ${found.roleName} in account ${found.accountId}.`);
  }
}

/** Profiles that the stack's config names as sources, or that others work on top of. */
async function profilesOf(stack: string | undefined): Promise<string[]> {
  const { key, settings } = await readNamedSources(await findPlace(stack));
  if (settings) return ssoProfiles(settings);
  throw new Fault(`${key} cannot be used.`, {
    // Somebody may have put a key where only its source is to be named.
    got: "a value, not shown",
    allowed: SOURCES_ALLOWED,
    mend: "npm run --silent megatests -- credentials setup; or name a profile: --profile NAME",
  });
}

function missing(profile: string): Fault {
  return new Fault(`There is no profile ${profile}.`, {
    allowed: "a profile of AWS SSO in ~/.aws/config",
    mend: `npm run --silent megatests -- credentials setup --how sso --profile ${shellWord(profile)}`,
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
