import { closest } from "fastest-levenshtein";

/** One setting that cannot be used. */
export interface Problem {
  /** Full name, e.g. `AWSMegatests:bucket`. */
  key: string;
  /** The value got, as it stands in the config; undefined when it is not set. */
  found: string | undefined;
  /** What would be accepted, in words. */
  allowed: string;
  /** A value that would be accepted, for the command that mends it. */
  example?: string;
  /** Where in a list or a map the example goes, e.g. `[0]`. @default "" */
  path?: string;
  /** The whole command that mends it. @default `pulumi config set KEY EXAMPLE` */
  mend?: string;
  /** Whether the value must not be shown. @default false */
  secret?: boolean;
}

/**
 * The text that tells an operator of everything that is wrong with a stack's config, or undefined when nothing is.
 * @param raw every config value of the stack, by full name
 * @param known names of our own settings, without namespace
 */
export function configProblems(
  project: string,
  stack: string,
  problems: Problem[],
  raw: Record<string, string>,
  known: string[],
): string | undefined {
  const all = [...problems, ...unknownKeys(project, raw, known)];
  if (all.length === 0) return undefined;
  const count = all.length === 1 ? "1 setting" : `${all.length} settings`;
  const verb = all.length === 1 ? "needs" : "need";
  return [`${count} of stack ${stack} ${verb} mending:`, ...all.map(describe)].join("\n\n");
}

function describe({ key, found, allowed, example = "", path, mend, secret }: Problem): string {
  const shown = !found ? "not set" : secret ? "a value, not shown" : JSON.stringify(found);
  const target = path ? `--path '${key}${path}'` : key;
  return [
    `  ${key}`,
    `    found:   ${shown}`,
    `    allowed: ${allowed}`,
    `    mend:    ${mend ?? `pulumi config set ${target} ${quoted(example)}`}`,
  ].join("\n");
}

function unknownKeys(project: string, raw: Record<string, string>, known: string[]): Problem[] {
  return Object.keys(raw).flatMap((key) => {
    const [namespace = "", name = ""] = key.split(":");
    if (namespace.toLowerCase() !== project.toLowerCase()) return [];
    if (namespace === project && known.includes(name)) return [];
    const near = `${project}:${closest(name, known)}`;
    return {
      key,
      found: raw[key],
      allowed: `no setting has this name; the nearest is ${near}`,
      mend: `pulumi config rm ${key}, and if that is what was meant: pulumi config set ${near} VALUE`,
      // It may be a token under a misspelt name.
      secret: true,
    };
  });
}

/** JSON and empty texts need quotes in a shell; the rest reads better without. */
function quoted(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : `'${value}'`;
}
