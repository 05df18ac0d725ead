/** Names a source of AWS credentials in the stack's config, where the config leaves it open. */
import type { SourceSetting } from "../../secrets/sources/index.ts";
import type { Progress } from "../progress.ts";
import { setConfig } from "../stack/config.ts";
import type { StackPlace } from "../stack/place.ts";
import type { Answers } from "./answers.ts";
import { kindsOf, readNamedSources } from "./named-sources.ts";

/** A source, as `awsCredentialSources` lists it, that needs nothing but words. */
export type NamedSource = { source: "onepassword" } | { source: "sso"; profile: string };

/**
 * Offers to let the stack take its credentials from the source. Where the config names others already, they stay: what
 * is to be tried first is not for this command to say.
 * @param given the answer of a flag
 */
export async function nameSource(
  place: StackPlace,
  source: NamedSource,
  { answers, progress, given }: { answers: Answers; progress: Progress; given: boolean | undefined },
): Promise<void> {
  const { key, settings } = await readNamedSources(place);
  const title = source.source === "sso" ? `the profile ${source.profile}` : "1Password";
  if (settings?.some((setting) => holds(setting, source))) {
    progress.line(`Stack ${place.stack} takes its AWS credentials from ${title}.`);
    return;
  }
  const values = Object.entries(source).map(([name, value]) => [`${key}[0].${name}`, value] as const);
  if (settings && kindsOf(settings) === "onepassword") {
    const message = `Let stack ${place.stack} take its AWS credentials from ${title}`;
    const question = { flag: "--use-for-stack", message, default: given ?? answers.asking };
    if (await answers.yes(question, given)) {
      await setConfig(place, Object.fromEntries(values));
      progress.line(`Stack ${place.stack} takes its AWS credentials from ${title} from now on.`);
      return;
    }
  }
  const now = settings ? kindsOf(settings) : "a value, not shown";
  progress.line(`Stack ${place.stack} takes its AWS credentials from elsewhere: ${now}
To let it take them from ${title} in place of that:`);
  // What another source needed would be refused beside it.
  const commands = [`rm ${key}`, ...values.map(([path, value]) => `set --path '${path}' ${value}`)];
  for (const command of commands) progress.line(`    pulumi config ${command} --stack ${place.stack}`);
}

/** Whether it is the source, or works on top of it. */
function holds(setting: SourceSetting, source: NamedSource): boolean {
  const { source: kind, profile } = { profile: undefined, ...setting };
  if (kind === source.source && profile === ("profile" in source ? source.profile : undefined)) return true;
  return "with" in setting && holds(setting.with, source);
}
