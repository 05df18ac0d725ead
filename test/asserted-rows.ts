/** What the doctor's tests assert of its rows, by their code. */

/** A declaration of a name that stands for a row or a text further on: `const KEYS = "Access keys";` */
interface Declared {
  name: string;
  body: string;
}

/** Whether one assertion of the code says of this row this text: nothing about another row stands between the two. */
export function asserts(code: string, rows: string[], row: string, text: RegExp): boolean {
  const declared = declarations(code);
  const marks = rows.flatMap((name) =>
    places(code, declared, named(name)).map((at) => ({ at, own: name === row })),
  );
  return places(code, declared, text).some((end) => {
    const nearest = Math.max(...marks.filter(({ at }) => at < end).map(({ at }) => at));
    return (
      marks.some(({ at, own }) => own && at === nearest) && !/;\n/.test(code.slice(Math.max(nearest, 0), end))
    );
  });
}

/** A row's name as a word of the code; one that needs no quotes has none as a key. */
function named(row: string): RegExp {
  return new RegExp(`(?<=["'.]|^ *|[{,] )${row.replace(/[^\w ]/g, "\\$&")}(?=["':;)])`, "gm");
}

/** Where it stands in the code, or a name does that is declared by it. */
function places(code: string, declared: Declared[], pattern: RegExp): number[] {
  const standing = declared.filter(({ body }) => body.search(pattern) >= 0);
  // By what follows, for many a name is a word in a text, too.
  const names = standing.map(({ name }) => `\\b${name}(?=[(\\]),}])`);
  const all = [pattern, ...(names.length > 0 ? [new RegExp(names.join("|"), "g")] : [])];
  return all.flatMap((each) => [...code.matchAll(each)].map(({ index }) => index));
}

/** Each to the first line that ends it: what follows stands no deeper. */
function declarations(code: string): Declared[] {
  const lines = code.split("\n");
  return lines.flatMap((line, first) => {
    const [, indent, name] = /^( *)const (\w+)\b/.exec(line) ?? [];
    if (indent === undefined || name === undefined) return [];
    const shallow = new RegExp(`^ {0,${indent.length}}\\S|^$`);
    const last = lines.findIndex(
      (each, at) => at >= first && each.endsWith(";") && shallow.test(lines[at + 1] ?? ""),
    );
    return [{ name, body: lines.slice(first, last + 1).join("\n") }];
  });
}
