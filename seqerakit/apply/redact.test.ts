import { describe, expect, it } from "vitest";
import { formsOf, redactor, spansOf } from "./redact.ts";

const secret = 'a+b/c="d e&f';

describe("redactor", () => {
  it.each([
    ["as it is", secret],
    ["in JSON", JSON.stringify(secret).slice(1, -1)],
    ["in JSON within JSON", JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
    ["in Go's JSON", JSON.stringify(secret).slice(1, -1).replace("&", "\\u0026")],
    ["in a URL", encodeURIComponent(secret)],
    ["in a URL in small letters", encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
    ["in a form", new URLSearchParams({ a: secret }).toString().slice("a=".length)],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64 for URLs", Buffer.from(secret).toString("base64url")],
  ])("hides a secret %s", (_, form) => {
    expect(redactor([secret])(`before ${form} after ${form}`)).toBe("before [secret] after [secret]");
  });

  it.each(["", "a", "me:", "user:"])(
    "hides a secret behind %j in base64, as in basic authentication",
    (before) => {
      const password = "N0t-f0r-y0ur-eyes/+";
      const text = Buffer.from(`${before}${password}:x`).toString("base64");
      const hidden = redactor([password])(text);
      const left = Buffer.from(hidden.split("[secret]")[0] ?? "", "base64").toString();
      expect(hidden).toContain("[secret]");
      // What is left tells no more than one letter.
      expect(left.slice(before.length).length).toBeLessThanOrEqual(1);
    },
  );

  it("hides all of a secret that begins like another", () => {
    expect(redactor(["abcd", "abcdefgh"])("x abcdefgh y")).toBe("x [secret] y");
  });

  it("hides all of two secrets that share letters", () => {
    expect(redactor(["abcdef", "defghi"])("x abcdefghi y")).toBe("x [secret] y");
  });

  it("keeps two secrets apart that only touch", () => {
    expect(spansOf("abcdefgh", ["abcd", "efgh"])).toEqual([
      [0, 4],
      [4, 8],
    ]);
  });

  it("does nothing about secrets that are not there, or too short to be told from other text", () => {
    expect(formsOf([undefined, "", "abc"])).toEqual([]);
    expect(redactor([undefined, "", "abc"])("plain abc")).toBe("plain abc");
  });
});
