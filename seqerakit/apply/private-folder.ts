import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that only this user can look into. */
export interface PrivateFolder {
  path: string;
  /** Writes a file that only this user can read, and gives its path. */
  write(name: string, content: string): Promise<string>;
}

/** Lends a private folder; it is gone when the work ends, also when it fails or the process is killed. */
export async function inPrivateFolder<T>(work: (folder: PrivateFolder) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), "megatests-"));
  const remove = removeAtTheEnd(path);
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
    await remove();
  }
}

/**
 * Pulumi kills a step that is interrupted, with all of its process group, and nobody who is killed can clear away. So
 * a shell in a group of its own waits for the end of its input, which comes when this process ends in whichever way.
 * @returns what brings the end about, and waits until the folder is gone
 */
function removeAtTheEnd(path: string): () => Promise<void> {
  const shell = spawn("/bin/sh", ["-c", 'cat; rm -rf -- "$0"', path], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = once(shell, "exit");
  return async () => {
    shell.stdin.end();
    await gone;
  };
}
