/** Puts this stand-in where programs look for `tw`: seqerakit runs whatever `tw` is on PATH. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/**
 * Writes an executable `tw` into a folder, which is made when it is not there.
 * @param node the Node that runs it. @default the one running now
 * @returns its path; prepend the folder to PATH
 */
export async function installStandInTw(folder: string, node: string = process.execPath): Promise<string> {
  const path = join(folder, "tw");
  await mkdir(folder, { recursive: true });
  // seqerakit reads both output streams as one: a warning of Node would spoil the JSON.
  const script = `#!/bin/sh\nexec ${quoted(node)} --disable-warning=ExperimentalWarning ${quoted(MAIN)} "$@"\n`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
