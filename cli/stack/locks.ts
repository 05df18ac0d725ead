/** Who holds a stack whose state lies in a folder of this machine. https://www.pulumi.com/docs/iac/concepts/state-and-backends/ */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Fault } from "../../fault.ts";
import { holderOf, type Claim, type Holder } from "./holder.ts";

/** A lock as the engine writes it. */
export interface Lock extends Claim {
  file: string;
  holder: Holder;
}

const claim = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

/** The locks in the folder. */
export async function readLocks(folder: string): Promise<Lock[]> {
  const names = await unlessMissing(readdir(folder), []);
  const locks = names
    .filter((name) => name.endsWith(".json"))
    .map(async (name) => {
      const file = join(folder, name);
      // It may have gone meanwhile.
      const text = await unlessMissing(readFile(file, "utf8"), undefined);
      if (text === undefined) return [];
      const lock = claim.parse(JSON.parse(text));
      return [{ file, ...lock, holder: await holderOf(lock) }];
    });
  return (await Promise.all(locks)).flat();
}

/** Takes a lock away. `pulumi cancel` would also take one that was made since it was looked at. */
export async function removeLock({ file }: Pick<Lock, "file">): Promise<void> {
  await Promise.all([file, `${file}.attrs`].map((path) => rm(path, { force: true })));
}

/**
 * Holds the stack while work runs: a deployment that begins meanwhile is told who has it.
 * @throws Fault, without having run it, where somebody else holds the stack
 */
export async function holding<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${randomUUID()}.json`);
  const own = { pid: process.pid, username: userInfo().username, hostname: hostname() };
  await writeFile(file, JSON.stringify({ ...own, timestamp: new Date().toISOString() }), { flag: "wx" });
  try {
    const other = (await readLocks(folder)).find((lock) => lock.file !== file);
    if (other) throw held(other);
    return await work();
  } finally {
    await removeLock({ file });
  }
}

/** `process 12 of root@host, since 2026-01-01T00:00:00Z`. */
export function nameOf({ pid, username, hostname, timestamp }: Claim): string {
  return `process ${pid} of ${username}@${hostname}, since ${timestamp}`;
}

/** What is said where somebody else holds the stack. */
export function held(lock: Claim): Fault {
  return new Fault("The stack is being deployed, so nothing is changed.", {
    got: `a lock of ${nameOf(lock)}`,
    allowed: "no deployment under way",
    mend: `wait until it has ended, or end it with: kill -INT ${lock.pid}; then run the same command again`,
  });
}

function unlessMissing<T, M>(call: Promise<T>, missing: M): Promise<T | M> {
  return call.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return missing;
    throw error;
  });
}
