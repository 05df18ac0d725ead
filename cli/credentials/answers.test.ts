import { expect, test } from "vitest";
import { hiddenForms } from "../redaction/known.ts";
import { openAnswers } from "./answers.ts";

const digits = {
  ...{ flag: "--account", message: "Account", allowed: "12 digits" },
  fits: (value: string) => /^\d{12}$/.test(value),
};
const choices = [{ value: "a", name: "first" }, { value: "b" }];
const role = { flag: "--role", message: "Role", choices };
const nobody = openAnswers(["megatests --account ID --role NAME"], false);
const somebody = openAnswers([], true);

test("a flag's value is taken without a question, trimmed, also where somebody could be asked", async () => {
  for (const answers of [nobody, somebody]) {
    expect(await answers.text(digits, " 123456789012 ")).toBe("123456789012");
    expect(await answers.secret(digits, "123456789012\n")).toBe("123456789012");
    expect(await answers.choose(role, "b")).toBe("b");
    expect(await answers.yes({ ...role, default: true }, false)).toBe(false);
  }
});

test("a flag's value that does not fit is refused with what is allowed; a secret is not shown", async () => {
  const refusal = (call: Promise<unknown>) =>
    call.then(String, (error: Error & { exitCode?: number }) => [error.message, error.exitCode]);
  expect(await refusal(somebody.text(digits, "12"))).toEqual([
    `--account cannot be used.
  got:     "12"
  allowed: 12 digits
  mend:    run it again with another --account, or without it at a terminal`,
    2,
  ]);
  expect(await refusal(nobody.secret({ ...digits, flag: "--token-file" }, "hush"))).toEqual([
    `--token-file cannot be used.
  got:     a value, not shown
  allowed: 12 digits
  mend:    run it again with another --token-file, or without it at a terminal`,
    2,
  ]);
  expect(await refusal(nobody.choose(role, "first"))).toEqual([
    `--role cannot be used.
  got:     "first"
  allowed: a (first); b
  mend:    run it again with another --role, or without it at a terminal`,
    2,
  ]);
});

test("without a terminal, only a default, a sole choice or a flag answers", async () => {
  expect(await nobody.text({ ...digits, default: "000000000000" }, undefined)).toBe("000000000000");
  expect(await nobody.choose({ ...role, choices: [{ value: "a" }], sole: true }, undefined)).toBe("a");
  expect(await nobody.yes({ ...role, default: false }, undefined)).toBe(false);
  const needed = `An answer is needed, and there is no terminal to ask at.
  got:     no --role
  allowed: every answer as a flag:
           megatests --account ID --role NAME
  mend:    run it at a terminal, or give the flags`;
  const asked = [
    nobody.choose({ ...role, sole: true }, undefined),
    nobody.text({ ...digits, flag: "--role" }, undefined),
    nobody.secret({ ...digits, flag: "--role", default: "never" }, undefined),
  ];
  for (const call of asked) await expect(call).rejects.toMatchObject({ message: needed, exitCode: 2 });
});

test("a secret is not printed from then on, nor is one that is refused", async () => {
  const token = { ...digits, fits: (value: string) => value.startsWith("ops_") };
  await nobody.secret(token, " ops_a-good-token ");
  await expect(nobody.secret(token, "a-wrong-token")).rejects.toThrow();
  const hidden = hiddenForms().map(({ text }) => text);
  expect(hidden).toEqual(expect.arrayContaining(["ops_a-good-token", "a-wrong-token"]));
});
