#!/usr/bin/env node
/** `megatests`: the operator's commands. Exit codes: 0 good, 1 failed, 2 wrong use or input needed, 3 unlock required. */
import { CommanderError } from "commander";
import { requireNode } from "../sandbox/toolchain/node.ts";
import { exitCodeOf } from "./exit.ts";
import { makeProgress } from "./progress.ts";
import { megatests } from "./program.ts";
import { hideSecretsInOutput } from "./redaction/index.ts";

/** @returns the exit code */
async function run(argv: string[]): Promise<number> {
  try {
    requireNode();
    await megatests().parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    const { message } = error as Error;
    // Commander has said what was wrong; a command that has said everything throws without a message.
    if (!(error instanceof CommanderError) && message !== "") makeProgress().error(message);
    return exitCodeOf(error);
  }
}

hideSecretsInOutput();
process.exitCode = await run(process.argv.slice(2));
// What a check has given up on may still wait for an answer: nobody waits for that.
process.stdout.write("", () => process.stderr.write("", () => process.exit()));
