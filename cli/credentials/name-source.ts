/** Names a source of AWS credentials in the stack's config, where the config leaves it open. */
import type { Progress } from "../progress.ts";
import { readConfig, setConfig } from "../stack/config.ts";
import type { StackPlace } from "../stack/place.ts";
import type { Answers } from "./answers.ts";

/** A source, as `awsCredentialSources` lists it, that needs nothing but words. */
export type NamedSource = { source: "onepassword" } | { source: "sso"; profile: string };

/** What a stack takes where its config names nothing. */
const USUAL = JSON.stringify([{ source: "onepassword" }]);

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
  const { project, get } = await readConfig(place);
  const key = `${project}:awsCredentialSources`;
  const now = get(key) ?? USUAL;
  const title = source.source === "sso" ? `the profile ${source.profile}` : "1Password";
  if (names(now, source)) {
    progress.line(`Stack ${place.stack} takes its AWS credentials from ${title}.`);
    return;
  }
  const values = Object.entries(source).map(([name, value]) => [`${key}[0].${name}`, value] as const);
  if (same(now, USUAL)) {
    const message = `Let stack ${place.stack} take its AWS credentials from ${title}`;
    const question = { flag: "--use-for-stack", message, default: given ?? answers.asking };
    if (await answers.yes(question, given)) {
      await setConfig(place, Object.fromEntries(values));
      progress.line(`Stack ${place.stack} takes its AWS credentials from ${title} from now on.`);
      return;
    }
  }
  progress.line(
    `Stack ${place.stack} takes its AWS credentials from elsewhere: ${now}\nTo let it take them from ${title} first:`,
  );
  for (const [path, value] of values) progress.line(`    pulumi config set --path '${path}' ${value}`);
}

/** Whether it is in the list, or what a source of the list works on top of. */
function names(list: string, source: NamedSource): boolean {
  const holds = (entry: unknown): boolean => {
    if (typeof entry !== "object" || entry === null) return false;
    if (Object.entries(source).every(([key, value]) => (entry as Record<string, unknown>)[key] === value))
      return true;
    return "with" in entry && holds(entry.with);
  };
  return listOf(list).some(holds);
}

function same(one: string, other: string): boolean {
  return JSON.stringify(listOf(one)) === JSON.stringify(listOf(other));
}

function listOf(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
