import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { errorsIn, listenToEngine } from "../engine-events.ts";
import type { Progress } from "../progress.ts";

/** The engine failed, and has said why; nothing is left to print. */
export class EngineFailed extends Error {}

/** A preview takes no lock, and leaves the services running for recovery. */
const RECOVER = `eval "$(npm run --silent sandbox -- preview --keep)"; npm run --silent megatests -- recover`;
const LOCKED = `  mend:    if that process was killed: ${RECOVER}
           or, to forget everything and begin anew: npm run sandbox -- reset`;
const KILLED = `  mend:    ${RECOVER}`;

/**
 * Runs one operation of the engine, printing what happens.
 * @throws EngineFailed with the engine's errors, unless they have been printed as they came
 */
export async function operate<T>(
  progress: Progress,
  operation: (onEvent: (event: EngineEvent) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const listener = listenToEngine(progress);
  const aborting = new AbortController();
  // On a terminal the engine gets Ctrl-C itself; twice would make it give up what is under way.
  const onInterrupt = () => {
    progress.warn("interrupted; the engine finishes what is under way");
    if (!process.stdin.isTTY) aborting.abort();
  };
  const onTerminate = () => aborting.abort();
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate).on("SIGHUP", onTerminate);
  try {
    return await operation((event) => listener.onEvent(event), aborting.signal);
  } catch (error) {
    if (listener.errors() > 0) throw new EngineFailed("");
    const words = errorsIn((error as Error).message);
    const mend = words.includes("currently locked")
      ? LOCKED
      : words.includes("ended by SIGKILL")
        ? KILLED
        : "";
    throw new EngineFailed([words, mend].filter(Boolean).join("\n"));
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate).off("SIGHUP", onTerminate);
  }
}
