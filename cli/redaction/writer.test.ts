import { describe, expect, it } from "vitest";
import { formsOf, redactor } from "../../seqerakit/apply/redact.ts";
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

  it("waits where a secret may become a longer one", () => {
    const [short, long] = ["abcdefgh", "abcdefghijkl"];
    expect(through([short, long], [`x ${short}`, "ijkl y"])).toEqual(["x ", "[secret] y"]);
    expect(through([short, long], [`x ${short}`, "i", " y"]).join("")).toBe("x [secret]i y");
    expect(through(["abababab"], ["abababab", "abababab"]).join("")).not.toContain("b");
  });

  it("waits until it knows whether a short secret stands alone", () => {
    for (const text of ["the swordfishes fish", "fish fishes", "sword fish.", "\u001b[31mfish\u001b[39m"]) {
      const whole = through(["fish"], [text]).join("");
      expect(whole).toBe(redactor(["fish"])(text));
      for (let cut = 1; cut < text.length; cut++)
        expect(through(["fish"], [text.slice(0, cut), text.slice(cut)]).join("")).toBe(whole);
    }
  });

  it("passes on the end of a prompt at once, though a secret begins like its last escape sequence", () => {
    const prompt = "\u001b[32m?\u001b[39m Vault \u001b[16G";
    expect(through(["Guten Abend"], [prompt, "1"])).toEqual([prompt, "1"]);
    expect(through(["Guten Abend"], ["\u001b[K G", "uten Abend"])).toEqual(["\u001b[K ", "[secret]"]);
    expect(through(["16Guten Abend"], [prompt])).toEqual([prompt]);
  });

  it("is passed on at the end, whatever it may have become", () => {
    expect(through([SECRET], ["the hunter2"])).toEqual(["the ", "hunter2"]);
  });
});
