import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import envPaths from "env-paths";

/** Left in a prepared folder when it is whole; a folder without it is of a run that was cut short. */
const COMPLETE = ".complete.json";
const HEARTBEAT_MS = 1_000;
/** Whoever holds a lock renews it every second; one this old belongs to a process that is gone. */
const STALE_MS = 20_000;

/**
 * Where the toolchain is kept between runs and clones.
 * @returns `MEGATESTS_CACHE`, or this project's folder in the user's cache
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.MEGATESTS_CACHE || envPaths("awsmegatests", { suffix: "" }).cache;
}

/** What was found out when a folder was prepared; kept beside it. */
export interface Prepared<T> {
  folder: string;
  facts: T;
  /** False when an earlier run, or another process meanwhile, had done the work. */
  fresh: boolean;
}

/**
 * Prepares a folder once, however many processes ask at the same time: the others wait for the first.
 * @param make - fills the empty folder; what it returns is remembered as facts
 */
export async function prepareOnce<T extends object>(
  folder: string,
  make: (folder: string) => Promise<T>,
): Promise<Prepared<T>> {
  const done = await facts<T>(folder);
  if (done) return { folder, facts: done, fresh: false };
  await mkdir(dirname(folder), { recursive: true });
  return locked(`${folder}.lock`, async () => {
    const meanwhile = await facts<T>(folder);
    if (meanwhile) return { folder, facts: meanwhile, fresh: false };
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const made = await make(folder);
    await writeFile(join(folder, COMPLETE), JSON.stringify(made));
    return { folder, facts: made, fresh: true };
  });
}

async function facts<T>(folder: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, COMPLETE), "utf8")) as T;
  } catch {
    return undefined;
  }
}

/**
 * Runs `work` while no other process holds the lock; waits for one that does.
 * @param onWait - called once when there is something to wait for
 */
export async function locked<T>(lock: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  for (let tries = 0; !(await take(lock)); tries++) {
    if (tries === 0) onWait?.();
    await sleep(150);
  }
  const heartbeat = setInterval(
    () => void utimes(lock, new Date(), new Date()).catch(() => {}),
    HEARTBEAT_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(lock, { recursive: true, force: true });
  }
}

/** A folder is made by one process only; that is the lock. */
async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const age = Date.now() - ((await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now());
  if (age > STALE_MS) {
    // Renamed first: of two that find it stale, one succeeds.
    const grave = `${lock}.${randomUUID()}`;
    await rename(lock, grave).then(
      () => rm(grave, { recursive: true, force: true }),
      () => undefined,
    );
  }
  return false;
}
