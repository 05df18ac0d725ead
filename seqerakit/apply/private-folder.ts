import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that only this user can look into. */
export interface PrivateFolder {
  path: string;
  /** Writes a file that only this user can read, and gives its path. */
  write(name: string, content: string): Promise<string>;
}

/** Lends a private folder; it is gone when the work ends, also when it fails or the process is told to stop. */
export async function inPrivateFolder<T>(work: (folder: PrivateFolder) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), "megatests-"));
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
