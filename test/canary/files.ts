/** Searches what lies on a disk. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { findSecrets, type Finding, type Secrets } from "./detector.ts";

/** A file with a secret in it. */
export interface FileFinding extends Finding {
  /** Relative to the folder that was searched. */
  file: string;
  /** Its permissions, such as `600`. */
  mode: string;
}

/** Searches every file below a folder; one that vanishes meanwhile is gone. */
export async function searchFolder(folder: string, secrets: Secrets): Promise<FileFinding[]> {
  const found = await Promise.all(
    (await filesBelow(folder)).map((file) => searchFile(folder, file, secrets)),
  );
  return found.flat();
}

/** Every file below a folder, links and pipes left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function searchFile(folder: string, file: string, secrets: Secrets): Promise<FileFinding[]> {
  try {
    const [content, { mode }] = await Promise.all([readFile(file, "latin1"), stat(file)]);
    const at = { file: relative(folder, file), mode: (mode & 0o777).toString(8) };
    return findSecrets(content, secrets).map((finding) => ({ ...at, ...finding }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
