/** Names a source of AWS credentials in the stack's config, where the config leaves it open. */
import { namingCommands, type SourceSetting } from "../../secrets/sources/index.ts";
import type { Progress } from "../progress.ts";
import { removeConfig, setConfig } from "../stack/config.ts";
import type { StackPlace } from "../stack/place.ts";
import type { Answers } from "./answers.ts";
import { kindsOf, readNamedSources } from "./named-sources.ts";

/** A source, as `awsCredentialSources` lists it, that needs nothing but words. */
export type NamedSource = { source: "onepassword" } | { source: "sso"; profile: string };

/** Who answers, who is told, and what flags have said. */
export interface Naming {
  answers: Answers;
  progress: Progress;
  /** Whether the stack is to take its credentials from the source. @default asked */
  given: boolean | undefined;
  /** Whether that may be in the place of other sources, whatever they are. @default false */
  replace?: boolean;
}

/**
 * Offers to let the stack take its credentials from the source. Where the config names others already, they stay, unless
 * they are to be replaced: what is to be tried first is not for this command to say.
 */
export async function nameSource(
  place: StackPlace,
  source: NamedSource,
  { answers, progress, given, replace = false }: Naming,
): Promise<void> {
  const { key, settings } = await readNamedSources(place);
  const title = source.source === "sso" ? `the profile ${source.profile}` : "1Password";
  if (settings?.some((setting) => holds(setting, source))) {
    progress.line(`Stack ${place.stack} takes its AWS credentials from ${title}.`);
    return;
  }
  const now = settings ? kindsOf(settings) : "a value, not shown";
  if (replace || now === "onepassword") {
    const instead = replace ? `, in place of what its config names (${now})` : "";
    const message = `Let stack ${place.stack} take its AWS credentials from ${title}${instead}`;
    const question = { flag: "--use-for-stack", message, default: given ?? answers.asking };
    if (await answers.yes(question, given)) {
      await write(place, key, source);
      progress.line(`Stack ${place.stack} takes its AWS credentials from ${title} from now on.`);
      return;
    }
  }
  progress.line(`Stack ${place.stack} takes its AWS credentials from elsewhere: ${now}
To let it take them from ${title} in place of that:`);
  const { stack } = place;
  for (const command of namingCommands(source, { key, stack })) progress.line(`    ${command}`);
}

/** What another source needed would be refused beside it. */
async function write(place: StackPlace, key: string, source: NamedSource): Promise<void> {
  await removeConfig(place, [key]);
  const values = Object.entries(source).map(([name, value]) => [`${key}[0].${name}`, value]);
  await setConfig(place, Object.fromEntries(values) as Record<string, string>);
}

/** Whether it is the source, or works on top of it. */
function holds(setting: SourceSetting, source: NamedSource): boolean {
  const { source: kind, profile } = { profile: undefined, ...setting };
  if (kind === source.source && profile === ("profile" in source ? source.profile : undefined)) return true;
  return "with" in setting && holds(setting.with, source);
}
