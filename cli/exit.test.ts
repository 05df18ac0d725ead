import { CommanderError, InvalidArgumentError } from "commander";
import { expect, it } from "vitest";
import { WrongArgument } from "../sandbox/parts.ts";
import { Fault } from "../fault.ts";
import { UnlockRequired } from "../secrets/sources/index.ts";
import { exitCodeOf } from "./exit.ts";
import { AnswerNeeded } from "./exit-answer.ts";

it.each([
  [0, "help that was asked for", new CommanderError(0, "commander.help", "")],
  [1, "what failed", new Fault("It failed.")],
  [1, "what nobody foresaw", "a text"],
  [2, "an unknown option", new CommanderError(1, "commander.unknownOption", "")],
  [2, "a wrong value", new InvalidArgumentError("A number is wanted.")],
  [2, "a wrong argument", new WrongArgument("no such plugin")],
  [2, "an answer that is needed", new AnswerNeeded("Nobody is asked.", { got: "", allowed: "", mend: "" })],
  [3, "a source that is locked", new UnlockRequired("deploy", "no session")],
])("%i is the exit code of %s", (code, _what, error) => {
  expect(exitCodeOf(error)).toBe(code);
});
