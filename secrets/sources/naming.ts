/** The commands that let a stack's config name other sources. */
import { shellWord } from "./shell-word.ts";

const KEY = "AWSMegatests:awsCredentialSources";

/**
 * Names one source in the place of all that are named. They are taken out before: a path that is set leaves the rest of
 * an entry as it is, and what another source needed is refused beside this one.
 * @param source as the config has it, e.g. `{ source: "sso", profile: "megatests" }`
 */
export function nameOnly(source: Record<string, string>): string {
  const sets = Object.entries(source).map(
    ([name, value]) => `pulumi config set --path '${KEY}[0].${name}' ${shellWord(value)}`,
  );
  return [`pulumi config rm ${KEY}`, ...sets].join("; ");
}

/** Lets the stack take sources that are protected as little as this. */
export function allowGrade(grade: string): string {
  return `pulumi config set AWSMegatests:leastCredentialProtection ${grade}`;
}
