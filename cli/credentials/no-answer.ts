/** Why there is no answer. */
import { Fault } from "../../fault.ts";
import { AnswerNeeded } from "../exit-answer.ts";
import { EXIT } from "../exit.ts";

/** A flag's value cannot be used. */
export class WrongAnswer extends Fault {
  readonly exitCode = EXIT.usage;
}

/**
 * Nobody is there to be asked.
 * @param usage one line for each way: the command with all flags
 */
export function noTerminal(flag: string, usage: string[]): AnswerNeeded {
  return new AnswerNeeded("An answer is needed, and there is no terminal to ask at.", {
    got: `no ${flag}`,
    allowed: ["every answer as a flag:", ...usage].join("\n           "),
    mend: "run it at a terminal, or give the flags",
  });
}

/** The operator has pressed Ctrl-C. */
export class Interrupted extends Fault {
  constructor() {
    super("Interrupted: nothing more is changed.", { mend: "run the same command again" });
  }
}
