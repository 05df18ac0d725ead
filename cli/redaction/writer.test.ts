import { describe, expect, it } from "vitest";
import { formsOf } from "../../seqerakit/apply/redact.ts";
import { redactingWriter } from "./writer.ts";

const SECRET = "hunter2/hunter3+hunter4==";

/** What is passed on, piece by piece. */
function through(secrets: string[], pieces: string[]): string[] {
  const passed: string[] = [];
  const writer = redactingWriter(
    () => formsOf(secrets),
    (text) => passed.push(text),
  );
  pieces.forEach((piece) => writer.write(piece));
  writer.end();
  return passed;
}

describe("what is written piece by piece", () => {
  it.each([
    ["clear", SECRET],
    ["base64", Buffer.from(`me:${SECRET}`).toString("base64")],
    ["a URL", encodeURIComponent(SECRET)],
    ["JSON", JSON.stringify({ token: SECRET })],
  ])("shows no secret in %s, wherever it is cut", (_, form) => {
    const text = `before ${form} after`;
    const whole = through([SECRET], [text]).join("");
    expect(whole).toContain("[secret]");
    for (let cut = 1; cut < text.length; cut++)
      expect(through([SECRET], [text.slice(0, cut), text.slice(cut)]).join("")).toBe(whole);
    expect(through([SECRET], [...text]).join("")).toBe(whole);
  });

  it("is passed on at once but for what may be a secret's beginning", () => {
    expect(through([SECRET], ["Do it? [y/N] ", "yes, hunt", "ing\n"])).toEqual([
      "Do it? [y/N] ",
      "yes, ",
      "hunting\n",
    ]);
  });

  it("waits where a short secret may become a longer one", () => {
    expect(through(["abcd", "abcdefgh"], ["x abcd", "efgh y"])).toEqual(["x ", "[secret] y"]);
    expect(through(["abcd", "abcdefgh"], ["x abcd", "e", " y"]).join("")).toBe("x [secret]e y");
    expect(through(["abab"], ["abab", "abab"]).join("")).not.toContain("b");
  });

  it("is passed on at the end, whatever it may have become", () => {
    expect(through([SECRET], ["the hunter2"])).toEqual(["the ", "hunter2"]);
  });
});
