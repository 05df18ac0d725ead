/** A folder that is there as long as a piece of work: also where the process ends before the work does. */
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const ENOUGH = { recursive: true, force: true, maxRetries: 3 };
const open = new Set<string>();

/** Gives what the work gives. Only the owner may enter the folder. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "megatests-"));
  if (open.size === 0) watch();
  open.add(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, ENOUGH);
    open.delete(folder);
    if (open.size === 0) unwatch();
  }
}

function removeAll(): void {
  for (const folder of open) rmSync(folder, ENOUGH);
}

/** Ends the process, and with it the children: execa ends them when the process ends. */
function end(signal: (typeof SIGNALS)[number]): void {
  process.exit(128 + constants.signals[signal]);
}

function watch(): void {
  process.on("exit", removeAll);
  for (const signal of SIGNALS) process.on(signal, end);
}

function unwatch(): void {
  process.off("exit", removeAll);
  for (const signal of SIGNALS) process.off(signal, end);
}
