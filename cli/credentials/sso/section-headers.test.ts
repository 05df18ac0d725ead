import { expect, test } from "vitest";
import { headersIn } from "./section-headers.ts";

test.each([
  ["[profile lab]", "profile lab"],
  ["[profile  lab]", "profile lab"],
  ["[ profile\tlab ]", "profile lab"],
  ["  [profile lab]", "profile lab"],
  ["[profile lab]# mine", "profile lab"],
  ["[profile lab] ; mine [old]", "profile lab"],
  ['[profile "lab"]', "profile lab"],
  ["[profile 'lab']", "profile lab"],
  ["[sso-session  lab]#", "sso-session lab"],
  ["[default]", "profile default"],
  ["[profile default]", "profile default"],
])("%j is the section %s", (line, section) => {
  expect(headersIn(`region = x\n${line}\r\n`)).toEqual([
    { section, text: /\[[^\]]*\]/.exec(line)?.[0], line: 2 },
  ]);
});

test("a comment, a value and an unfinished header are none", () => {
  expect(headersIn("# [profile a]\n;[profile b]\nregion = [profile c]\n[profile d\n")).toEqual([]);
});
