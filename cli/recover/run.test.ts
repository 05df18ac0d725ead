/** On the real engine, at a terminal: a stack whose note beside the state was cut off. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pythonForTests } from "../../sandbox/services/aws/python-for-tests.ts";
import { openTerminal } from "../../test/terminal/terminal.ts";
import { makeTestStack, type TestStack } from "../credentials/stack-for-tests.ts";

const CUT_OFF = '{"user.cache_control":"';
let stack: TestStack;
let note: string;
beforeAll(async () => {
  stack = await makeTestStack();
  note = join(stack.place.folder, ".pulumi/stacks/Lab/dev.json.attrs");
  await writeFile(note, CUT_OFF);
}, 120_000);
afterAll(() => stack.remove());

const command = [process.execPath, join(import.meta.dirname, "../main.ts"), "recover", "--stack", "dev"];

test("a no changes nothing, and is a failure", async () => {
  const terminal = openTerminal(await pythonForTests(), command, stack.env, stack.place.folder);
  await terminal.sees("Do it? [y/N]");
  terminal.answers("n");
  await terminal.sees(`error: Stack dev is not recovered: nothing is changed.
  got:     a no
  allowed: a yes to what is listed above, at a terminal or by --yes
  mend:    npm run --silent megatests -- recover --stack dev`);
  expect(await terminal.ended).toBe(1);
  expect(await readFile(note, "utf8")).toBe(CUT_OFF);
}, 60_000);

test("nobody is asked who does not see the question: that is wrong use", async () => {
  const unseen = ["sh", "-c", 'exec "$0" "$@" 2>log', ...command];
  const terminal = openTerminal(await pythonForTests(), unseen, stack.env, stack.place.folder);
  expect(await terminal.ended).toBe(2);
  expect(await readFile(join(stack.place.folder, "log"), "utf8"))
    .toBe(`error: Nothing is changed, for nobody has agreed to it.
  got:     no --yes, and no terminal to ask at
  allowed: --yes
  mend:    npm run --silent megatests -- recover --stack dev --yes
`);
  expect(await readFile(note, "utf8")).toBe(CUT_OFF);
}, 60_000);
