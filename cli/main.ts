#!/usr/bin/env node
/** `megatests`: the operator's commands. Exit codes: 0, 1 when something failed, 2 for wrong arguments. */
import { Command, CommanderError } from "commander";
import { WrongArgument } from "../sandbox/parts.ts";
import { requireNode } from "../sandbox/toolchain/node.ts";
import { credentialsCommand } from "./credentials/index.ts";
import { makeProgress } from "./progress.ts";
import { recoverCommand } from "./recover/index.ts";
import { EngineFailed } from "./sandbox/operation.ts";
import { sandboxCommand } from "./sandbox/index.ts";

const FAILED = 1;
const USAGE = 2;

/** @returns the exit code */
async function run(argv: string[]): Promise<number> {
  const progress = makeProgress();
  try {
    requireNode();
    const program = new Command("megatests")
      .description("Commands around the AWSMegatests deployment")
      .showHelpAfterError("(--help says more)")
      .addCommand(credentialsCommand())
      .addCommand(recoverCommand())
      .addCommand(sandboxCommand());
    leaveTheEndToUs(program);
    await program.parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    // Commander has said what was wrong, or shown the help it was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    const { message } = error as Error;
    if (!(error instanceof EngineFailed && message === "")) progress.error(message);
    if (error instanceof WrongArgument) return USAGE;
    return (error as { exitCode?: number }).exitCode ?? FAILED;
  }
}

function leaveTheEndToUs(command: Command): void {
  command.exitOverride();
  command.commands.forEach(leaveTheEndToUs);
}

process.exitCode = await run(process.argv.slice(2));
