import { describe, expect, it } from "vitest";
import { redactor } from "./redact.ts";

const secret = 'a+b/c="d';

describe("redactor", () => {
  it.each([
    ["as it is", secret],
    ["in JSON", JSON.stringify(secret).slice(1, -1)],
    ["in a URL", encodeURIComponent(secret)],
    ["in base64", Buffer.from(secret).toString("base64")],
  ])("hides a secret %s", (_, form) => {
    expect(redactor([secret])(`before ${form} after ${form}`)).toBe("before [secret] after [secret]");
  });

  it("hides all of a secret that begins like another", () => {
    expect(redactor(["abcd", "abcdefgh"])("x abcdefgh y")).toBe("x [secret] y");
  });

  it("does nothing about secrets that are not there", () => {
    expect(redactor([undefined, ""])("plain")).toBe("plain");
  });
});
