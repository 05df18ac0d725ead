/** The commands that let a stack's config name other sources. */
import { shellWord } from "./shell-word.ts";

/** Which stack's config a command changes. */
export interface Named {
  /** Full name of the setting. @default AWSMegatests:awsCredentialSources */
  key?: string;
  /** Name of the stack. @default the one that is selected when the command is run */
  stack?: string;
}

/**
 * Names one source in the place of all that are named. They are taken out before: a path that is set leaves the rest of
 * an entry as it is, and what another source needed is refused beside this one.
 * @param source as the config has it, e.g. `{ source: "sso", profile: "megatests" }`
 * @returns the commands, in their order
 */
export function namingCommands(source: Record<string, string>, named: Named = {}): string[] {
  const { key = "AWSMegatests:awsCredentialSources", stack } = named;
  const sets = Object.entries(source).map(
    ([name, value]) => `pulumi config set --path '${key}[0].${name}' ${shellWord(value)}`,
  );
  return [`pulumi config rm ${key}`, ...sets].map((command) => command + onStack(stack));
}

/** The same on one line. */
export function nameOnly(source: Record<string, string>, named?: Named): string {
  return namingCommands(source, named).join("; ");
}

/** Lets the stack take sources that are protected as little as this. */
export function allowGrade(grade: string, { stack }: Pick<Named, "stack"> = {}): string {
  return `pulumi config set AWSMegatests:leastCredentialProtection ${grade}${onStack(stack)}`;
}

/** The end of a command that is about a certain stack. */
export function onStack(stack: string | undefined): string {
  return stack === undefined ? "" : ` --stack ${shellWord(stack)}`;
}
