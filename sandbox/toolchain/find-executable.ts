import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** @returns the absolute path of the first executable file of this name on PATH, or undefined */
export async function findExecutable(
  name: string,
  path: string = process.env.PATH ?? "",
): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

/** Whether this is a file that may be run. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
