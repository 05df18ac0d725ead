/** Asks an operator at the terminal. */
import { createInterface } from "node:readline/promises";

/** @returns whether the answer was yes; Ctrl-C and an ended input are a no */
export async function askAtTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => {
    terminal.once("SIGINT", () => terminal.close()).once("close", () => resolve(""));
  });
  try {
    return /^y(es)?$/i.test((await Promise.race([terminal.question(`${question} [y/N] `), ended])).trim());
  } finally {
    terminal.close();
  }
}
