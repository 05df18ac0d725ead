import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { expandAtFiles } from "./at-files.ts";

const folder = mkdtempSync(join(tmpdir(), "tw-at-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (content: string) => {
  const path = join(folder, `${Math.random()}`);
  writeFileSync(path, content);
  return path;
};

test("a file with one word, with and without an end of line, is that word", () => {
  expect(expandAtFiles(["-s", `@${file("abc/def+12=")}`, "-n", `@${file("name\n")}`])).toEqual([
    "-s",
    "abc/def+12=",
    "-n",
    "name",
  ]);
});

test.each([
  ["white space separates words", "a b\tc\n\n d", ["a", "b", "c", "d"]],
  ["quotes keep white space", `"a b" 'c "d"'`, ["a b", `c "d"`]],
  ["an empty quoted word counts", `-d ""`, ["-d", ""]],
  ["a quote in a word starts another", `a"b c"d`, ["a", "b c", "d"]],
  ["backslashes escape inside quotes only", String.raw`"a\"b\t\101" c\d`, [`a"b\tA`, String.raw`c\d`]],
  ["a quote that is not closed ends with its line", `"a b\nc`, ["a b", "c"]],
  ["# starts a comment, also in a word", "a # b c\nd#e\nf", ["a", "d", "f"]],
  ["# inside quotes is text", `"a # b"`, ["a # b"]],
  ["an empty file gives nothing", "\n", []],
])("%s", (_, content, expected) => {
  expect(expandAtFiles([`@${file(content)}`])).toEqual(expected);
});

test("files may name files; one that names itself adds nothing", () => {
  const inner = file("x y");
  const outer = file(`a @${inner}`);
  expect(expandAtFiles([`@${outer}`])).toEqual(["a", "x", "y"]);
  const round = join(folder, "round");
  writeFileSync(round, `a @${round}`);
  expect(expandAtFiles([`@${round}`, `@${round}`])).toEqual(["a", "a"]);
});

test("a file that is not there, a lone @ and @@ stay text", () => {
  expect(expandAtFiles(["@/not/there", "@", "@@name", "--x=@y"])).toEqual([
    "@/not/there",
    "@",
    "@name",
    "--x=@y",
  ]);
});
