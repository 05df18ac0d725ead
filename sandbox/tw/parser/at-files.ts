/**
 * `@file` arguments, as picocli expands them: the file's words take the argument's place. The words are cut the way
 * `java.io.StreamTokenizer` does with picocli's settings: white space separates, either quote makes one word (with
 * backslash escapes, up to the end of its line), `#` starts a comment that ends with the line. Quote and `#` also end
 * a word they stand in. A file that cannot be read leaves its argument as it is; `@@x` stands for `@x`.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Arguments with all `@file` arguments replaced, nested ones included. */
export function expandAtFiles(args: readonly string[]): string[] {
  return args.flatMap((arg) => expand(arg, new Set()));
}

function expand(arg: string, visited: Set<string>): string[] {
  if (arg === "@" || !arg.startsWith("@")) return [arg];
  const name = arg.slice(1);
  if (name.startsWith("@")) return [name];
  const path = resolve(name);
  if (visited.has(path)) return [];
  let content;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    return [arg];
  }
  visited.add(path);
  return words(content).flatMap((word) => expand(word, visited));
}

/** One piece: a comment, a quoted word (closed or cut off by the end of its line), or a plain word. */
const PIECE = /#[^\r\n]*|"((?:\\[^]|[^"\\\r\n])*)"?|'((?:\\[^]|[^'\\\r\n])*)'?|[^\x00-\x20#"']+/g;

function words(content: string): string[] {
  const found: string[] = [];
  for (const [piece, double, single] of content.matchAll(PIECE)) {
    if (piece.startsWith("#")) continue;
    const quoted = double ?? single;
    found.push(quoted === undefined ? piece : unescaped(quoted));
  }
  return found;
}

const ESCAPES: Record<string, string> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

function unescaped(text: string): string {
  return text.replace(/\\([0-3][0-7]{0,2}|[4-7][0-7]?|[^])/g, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
}
