import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that only this user can look into. */
export interface PrivateFolder {
  path: string;
  /** Writes a file that only this user can read, and gives its path. */
  write(name: string, content: string): Promise<string>;
}

/** The number of the process it belongs to follows, and tells when nobody will clear it away any more. */
const PREFIX = "megatests-";

/** Lends a private folder; it is gone when the work ends, also when it fails or the process is told to stop. */
export async function inPrivateFolder<T>(work: (folder: PrivateFolder) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await work({
      path,
      async write(name, content) {
        const file = join(path, name);
        await writeFile(file, content, { mode: 0o600 });
        return file;
      },
    });
  } finally {
    process.removeListener("exit", remove);
    await rm(path, { recursive: true, force: true });
  }
}

/** Clears away what steps have left that were killed in the midst of their work. */
export async function clearAbandoned(): Promise<void> {
  const abandoned = (await readdir(tmpdir())).filter((name) => {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
  // What is another user's cannot be removed, and is theirs to remove.
  await Promise.allSettled(
    abandoned.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })),
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code === "EPERM";
  }
}
