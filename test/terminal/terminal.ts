/** A terminal that a test sits at: it reads what a person would see, and types. */
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";

/** A program at a terminal. */
export interface Terminal {
  /** Everything that was printed so far, without colours and movements of the cursor. */
  text(): string;
  /** The same, byte for byte. */
  raw(): string;
  /**
   * Waits until this is printed, behind what was waited for before.
   * @returns what a pattern's groups have caught
   * @throws Error with all that was printed, when it does not come within 30 s or the program ends
   */
  sees(words: string | RegExp): Promise<string[]>;
  /** Types, and presses Enter. */
  answers(line: string): void;
  /** Types as it is, e.g. `\x03` for Ctrl-C. */
  types(keys: string): void;
  /** The exit code. */
  ended: Promise<number>;
}

/** What Ctrl-C, an arrow and Ctrl-U send. */
export const KEYS = { interrupt: "\x03", down: "\x1b[B", clear: "\x15" };

const SECONDS = 30;

/**
 * Starts a program.
 * @param python an interpreter; its standard library alone is used
 * @param env its whole environment
 */
export function openTerminal(
  python: string,
  command: string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): Terminal {
  const child = execa(python, [join(import.meta.dirname, "sit.py"), ...command], {
    ...{ env: { TERM: "xterm", ...env }, extendEnv: false, cwd, reject: false, buffer: false },
  });
  let raw = "";
  let seen = 0;
  let over = false;
  let tell: () => void = () => undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    raw += chunk.toString();
    tell();
  });
  const ended = child.then(({ exitCode, stderr }) => {
    over = true;
    tell();
    if (exitCode === undefined) throw new Error(`The terminal has broken: ${String(stderr)}`);
    return exitCode;
  });
  const text = () => stripVTControlCharacters(raw).replaceAll("\r", "");
  const types = (keys: string) => void child.stdin.write(keys);
  return {
    ...{ text, raw: () => raw, ended, types },
    answers: (line) => types(`${line}\r`),
    sees: async (words) => {
      const deadline = Date.now() + SECONDS * 1000;
      for (;;) {
        const last = over || Date.now() > deadline;
        const rest = text().slice(seen);
        const found = find(rest, words);
        if (found) {
          seen += found.end;
          return found.groups;
        }
        if (last) throw new Error(`Not seen: ${String(words)}\nThe terminal shows:\n${rest}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 500);
          tell = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}

/** Where the first match ends, and its groups. */
function find(text: string, words: string | RegExp): { end: number; groups: string[] } | undefined {
  if (typeof words === "string") {
    const at = text.indexOf(words);
    return at < 0 ? undefined : { end: at + words.length, groups: [] };
  }
  const match = words.exec(text);
  return match ? { end: match.index + match[0].length, groups: match.slice(1) } : undefined;
}
