/** What went wrong, in a row's words: the project's errors say what mends them in lines of their own. */

/** An error's text, without the lines that say what mends it, and these lines. */
export function textOf(reason: unknown): { found: string; mend: string } {
  const text = reason instanceof Error ? reason.message : String(reason);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const mends = lines.flatMap((line) => /^\s*mend:\s+(.*)$/.exec(line)?.[1] ?? []);
  const rest = lines.filter((line) => !/^\s*mend:/.test(line));
  return { found: rest.map(squeezed).join("\n"), mend: mends.join("\n") };
}

/** The labels are aligned for a text, not for a table. */
function squeezed(line: string): string {
  return line.trim().replace(/^(\w+):\s+/, "$1: ");
}

/**
 * Whether a version is that one or later. Both are numbers with points between; what follows them does not count.
 * @returns false also where either is none
 */
export function atLeast(version: string, oldest: string): boolean {
  const [there, wanted] = [numbersOf(version), numbersOf(oldest)];
  if (there.length === 0 || wanted.length === 0) return false;
  const at = wanted.findIndex((number, place) => number !== (there[place] ?? 0));
  return at < 0 || (there[at] ?? 0) > wanted[at]!;
}

function numbersOf(version: string): number[] {
  return /^v?(\d+(?:\.\d+)*)/.exec(version)?.[1]?.split(".").map(Number) ?? [];
}

/** The first version in what a program says of itself. */
export function versionIn(text: string): string | undefined {
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0];
}

/** Tells the state of a change made by hand, and undoes it. */
export const REFRESH = "pulumi refresh --run-program --yes && pulumi up";
