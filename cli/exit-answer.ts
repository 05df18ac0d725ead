import { Fault } from "../fault.ts";
import { EXIT } from "./exit.ts";

/** Nothing is done without an answer, and nobody can be asked for it. An operator's "no" is none of these: that fails. */
export class AnswerNeeded extends Fault {
  readonly exitCode = EXIT.usage;

  /** @param what has not been done */
  constructor(what: string, details: { got: string; allowed: string; mend: string }) {
    super(what, details);
  }
}
