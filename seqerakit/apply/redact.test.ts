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
    expect(redactor(["longer-abcd", "longer-abcdefgh"])("x longer-abcdefgh y")).toBe("x [secret] y");
  });

  it("hides all of two secrets that share letters", () => {
    expect(redactor(["abcdefgh", "defghijk"])("x abcdefghijk y")).toBe("x [secret] y");
  });

  it("keeps two secrets apart that only touch", () => {
    const forms = ["abcd", "efgh"].map((text) => ({ text, alone: false }));
    expect(spansOf("abcdefgh", forms)).toEqual([
      [0, 4],
      [4, 8],
    ]);
  });

  it("does nothing about secrets that are not there, or too short to be told from other text", () => {
    expect(formsOf([undefined, "", "abc"])).toEqual([]);
    expect(redactor([undefined, "", "abc"])("plain abc")).toBe("plain abc");
  });

  it("leaves a short secret alone where it is part of a word, and hides it where it stands alone", () => {
    const redact = redactor(["test", "pass_wd"]);
    expect(redact("npm run --silent megatests, testing, test_1, pass_wds")).toBe(
      "npm run --silent megatests, testing, test_1, pass_wds",
    );
    expect(redact("test X=test, 'test' test/e2e tests pass_wd")).toBe(
      "[secret] X=[secret], '[secret]' [secret]/e2e tests [secret]",
    );
    expect(redactor(["12345678"])("x12345678x")).toBe("x[secret]x");
  });

  it.each([
    ["a colour", "\u001b[31mtest\u001b[39m", "\u001b[31m[secret]\u001b[39m"],
    ["a line's end in JSON", JSON.stringify("x\ntest"), '"x\\n[secret]"'],
    ["a sign that Go's JSON escapes", "\\u0026test", "\\u0026[secret]"],
    ["a sign in a URL", "a%3Dtest", "a%3D[secret]"],
  ])("hides a short secret behind %s, whose last letter is no part of a word", (_, text, hidden) => {
    expect(redactor(["test"])(text)).toBe(hidden);
  });

  it("hides a short secret in base64 wherever it stands, and one of two rules by the stricter", () => {
    const inside = Buffer.from("user:hunter:x").toString("base64");
    expect(redactor(["hunter"])(inside)).toContain("[secret]");
    // The same text is short by itself, and a part of the base64 of another secret.
    const part = Buffer.from("hushy").toString("base64").slice(0, 6);
    expect(redactor(["hushy", part])(`x${part}x`)).toBe("x[secret]x");
  });
});
