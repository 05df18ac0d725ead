/** How a command ends, as a script sees it. */
import { CommanderError } from "commander";
import { WrongArgument } from "../sandbox/parts.ts";

/** The exit codes of every command. */
export const EXIT = {
  /** What was asked for is done, or is as it should be. */
  good: 0,
  /** Something failed, or is not as it should be. */
  failed: 1,
  /** The command was typed wrong, or needs an answer and has nobody to ask. */
  usage: 2,
  /** Credentials are locked or have expired: `megatests credentials unlock`. */
  locked: 3,
} as const;

/** The exit code of a command that has thrown this. */
export function exitCodeOf(error: unknown): number {
  // Commander has said what was wrong, or shown the help it was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
  if (error instanceof WrongArgument) return EXIT.usage;
  // Refusals of credentials say it themselves.
  return (error as { exitCode?: number }).exitCode ?? EXIT.failed;
}
