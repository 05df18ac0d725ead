/** Sets up a profile of AWS SSO: one question at a time, each answer checked at once. */
import type { Progress } from "../../progress.ts";
import type { Answers } from "../answers.ts";
import { addToConfig, configFile } from "./config-file.ts";
import { checkProfile, proveRole } from "./identity.ts";
import { NameTaken } from "./name-taken.ts";
import { WrongPortal } from "./oidc-faults.ts";
import { openSession } from "./open.ts";
import { openPortal, SignedOut } from "./portal.ts";
import { profileLines, readAwsFiles, sessionFor, sessionLines, type WantedProfile } from "./profile.ts";
import { bareUrl, profileName, profileRegion, sessionName, ssoRegion, startUrl } from "./questions.ts";
import type { SsoSession, SsoToken } from "./session.ts";
import { readToken } from "./token-cache.ts";

/** Answers given as flags. */
export interface SsoGiven {
  startUrl?: string;
  ssoRegion?: string;
  session?: string;
  /** Its 12 digits. */
  account?: string;
  role?: string;
  profile?: string;
  region?: string;
}

/** What there is in the end. */
export interface SsoSetup extends WantedProfile {
  /** Who one is with the profile. */
  arn: string;
}

/** @throws Fault; AnswerNeeded where a flag is missing and nobody can be asked */
export async function setUpSso(given: SsoGiven, answers: Answers, progress: Progress): Promise<SsoSetup> {
  const { session, token } = await askSession(given, answers, progress);
  const { accounts, portal } = await openAccounts(session, token, progress);
  const accountId = await answers.choose(
    {
      ...{ flag: "--account", message: "Account", searched: true, sole: true },
      choices: accounts.map(({ id: value, name }) => ({ value, name })),
    },
    given.account,
  );
  const roles = (await portal.roles(accountId)).map((value) => ({ value }));
  const role = { flag: "--role", message: "Role", sole: true, choices: roles };
  const roleName = await answers.choose(role, given.role);
  const region = await answers.text(profileRegion(session.region), given.region);
  const chosen = { ...session, accountId, roleName, profileRegion: region };
  progress.line("  asking AWS …");
  await proveRole(await portal.credentials(accountId, roleName), chosen);
  const wanted = await writeProfile(chosen, given, answers, progress);
  const arn = await checkProfile(wanted);
  return { ...wanted, arn };
}

/** Until a portal is found that people can sign in to; what the flags said is used once. */
async function askSession(given: SsoGiven, answers: Answers, progress: Progress) {
  for (let flags = given; ; flags = {}) {
    try {
      const url = bareUrl(await answers.text(startUrl, flags.startUrl));
      const region = await answers.text(ssoRegion, flags.ssoRegion);
      const session =
        sessionFor(await readAwsFiles(), url, region) ??
        (await askName({ startUrl: url, region }, flags, answers, progress));
      return { session, token: await openSession(session, progress) };
    } catch (error) {
      retry(error, WrongPortal, answers, progress);
    }
  }
}

async function askName(
  portal: Omit<SsoSession, "session">,
  { session: flag }: SsoGiven,
  answers: Answers,
  progress: Progress,
): Promise<SsoSession> {
  for (let given = flag; ; given = undefined) {
    try {
      const session = await answers.text(sessionName(portal.startUrl), given);
      const wanted = { session, ...portal };
      sessionLines(await readAwsFiles(), wanted);
      await refuseForeignToken(wanted);
      return wanted;
    } catch (error) {
      retry(error, NameTaken, answers, progress);
    }
  }
}

/** The token's place depends on the session's name alone: another config file's session would lose its own. */
async function refuseForeignToken({ session, startUrl: url }: SsoSession): Promise<void> {
  const held = await readToken(session);
  if (held && bareUrl(held.startUrl) !== url)
    throw new NameTaken(`The session ${session}`, "--session", `signed in at ${held.startUrl}`, url);
}

/** A token that looks good may have been ended by an administrator: then one signs in anew. */
async function openAccounts(session: SsoSession, token: SsoToken, progress: Progress) {
  const portal = openPortal(token);
  try {
    return { portal, accounts: await portal.accounts() };
  } catch (error) {
    if (!(error instanceof SignedOut)) throw error;
    progress.warn("AWS has ended the sign-in before its time.");
    const anew = openPortal(await openSession(session, progress, true));
    return { portal: anew, accounts: await anew.accounts() };
  }
}

async function writeProfile(
  chosen: Omit<WantedProfile, "profile">,
  { profile: flag }: SsoGiven,
  answers: Answers,
  progress: Progress,
): Promise<WantedProfile> {
  for (let given = flag; ; given = undefined) {
    try {
      const wanted = { ...chosen, profile: await answers.text(profileName, given) };
      const files = await readAwsFiles();
      const [session, profile] = [sessionLines(files, wanted), profileLines(files, wanted)];
      const lines = [...session, ...(session.length > 0 && profile.length > 0 ? [""] : []), ...profile];
      if (lines.length === 0) progress.line(`${configFile()} says it already.`);
      else {
        const backup = await addToConfig(lines);
        progress.line(`Written to ${configFile()}${backup ? `; what it was: ${backup}` : ""}.`);
      }
      return wanted;
    } catch (error) {
      retry(error, NameTaken, answers, progress);
    }
  }
}

/** Says what was wrong with an answer, so that it can be given again; whatever else went wrong is thrown on. */
function retry(
  error: unknown,
  kind: typeof NameTaken | typeof WrongPortal,
  { asking }: Answers,
  progress: Progress,
): void {
  if (!asking || !(error instanceof kind)) throw error;
  progress.error(error.message);
}
