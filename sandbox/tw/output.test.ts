import { expect, test } from "vitest";
import { prettyJson, table, time } from "./output.ts";

test("JSON as Jackson lays it out, without null properties", () => {
  const value = { a: 1, b: null, list: [{ c: "x" }, { d: [] }], e: {}, words: ["y", "z"] };
  expect(prettyJson(value)).toBe(
    [
      "{",
      '  "a" : 1,',
      '  "list" : [ {',
      '    "c" : "x"',
      "  }, {",
      '    "d" : [ ]',
      "  } ],",
      '  "e" : { },',
      '  "words" : [ "y", "z" ]',
      "}",
    ].join("\n"),
  );
});

test("a list is sorted by its first column under its headings", () => {
  expect(
    table(
      [
        ["b", "1"],
        ["a", "22"],
      ],
      ["ID", "Name"],
    ),
  ).toBe(["     ID | Name", "    ----+------", "     a  | 22", "     b  | 1"].join("\n"));
});

test("details have a ruler and keep their order", () => {
  expect(
    table([
      ["Name", "x"],
      ["ID", "y"],
    ]),
  ).toBe(["    ------+---", "     Name | x", "     ID   | y"].join("\n"));
});

test("dates as Java's RFC 1123 format has them", () => {
  expect(time("2021-09-08T11:19:24Z")).toBe("Wed, 8 Sep 2021 11:19:24 GMT");
  expect(time(null)).toBe("never");
});
