/** What a stack's config names as sources of its AWS credentials. */
import { z } from "zod";
import { kindOf, sourceSetting, type SourceSetting } from "../../secrets/sources/index.ts";
import { readConfig } from "../stack/config.ts";
import type { StackPlace } from "../stack/place.ts";

const list = z.array(sourceSetting).min(1);

/** The setting, as far as a command that deploys nothing needs it. */
export interface NamedSources {
  /** Its full name. */
  key: string;
  /**
   * In their order; 1Password where the config says nothing. Undefined where it says something else than sources: it may
   * be a key that was put where only its source is to be named, so nothing of it is told.
   */
  settings: SourceSetting[] | undefined;
}

/** Reads that one setting, encrypted or not. @throws Fault with the engine's own words */
export async function readNamedSources(place: StackPlace): Promise<NamedSources> {
  const config = await readConfig(place);
  const key = `${config.project}:awsCredentialSources`;
  const text = await config.reveal(key);
  return { key, settings: text === undefined ? [{ source: "onepassword" }] : parsed(text) };
}

/** By their kinds alone, e.g. `sso; assume-role with web-identity`. */
export function kindsOf(settings: SourceSetting[]): string {
  return settings.map(kindOf).join("; ");
}

/** Profiles of AWS SSO among them, or that others work on top of; each once. */
export function ssoProfiles(settings: SourceSetting[]): string[] {
  const profiles = settings.flatMap((setting): string[] => {
    if (setting.source === "sso") return [setting.profile];
    return "with" in setting ? ssoProfiles([setting.with]) : [];
  });
  return [...new Set(profiles)];
}

function parsed(text: string): SourceSetting[] | undefined {
  try {
    return list.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
