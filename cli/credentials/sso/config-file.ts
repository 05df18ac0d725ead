/** Adds lines to ~/.aws/config. What stands there is kept byte for byte: nothing is parsed and written anew. */
import {
  chmod,
  constants,
  copyFile,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { getHomeDir } from "@smithy/core/config";
import { Fault } from "../../../fault.ts";

/** The file AWS's SDKs read: ~/.aws/config, or the one that AWS_CONFIG_FILE names. */
export function configFile(): string {
  const named = process.env.AWS_CONFIG_FILE;
  if (!named) return join(getHomeDir(), ".aws", "config");
  return named.startsWith("~/") ? join(getHomeDir(), named.slice(2)) : named;
}

/** The file's bytes with the lines behind them, a blank line between, ended as the file ends its lines. */
export function appended(before: Buffer, lines: string[]): Buffer {
  const newline = before.includes("\r\n") ? "\r\n" : "\n";
  const added = lines.map((line) => line + newline).join("");
  if (before.length === 0) return Buffer.from(added);
  const ended = before.at(-1) === 0x0a;
  return Buffer.concat([before, Buffer.from((ended ? "" : newline) + newline + added)]);
}

/**
 * Writes the file in one step, with a copy of what it was beside it.
 * @param at names the copy
 * @returns the copy; undefined where there was no file
 * @throws Fault when somebody else writes at the same time, or the file cannot be written
 */
export async function addToConfig(lines: string[], at = new Date()): Promise<string | undefined> {
  const named = configFile();
  try {
    await mkdir(dirname(named), { recursive: true, mode: 0o700 });
    // People keep it elsewhere and link to it: the link stays.
    const file = await realpath(named).catch(unlessMissing(named));
    const before = await readFile(file).catch(unlessMissing(undefined));
    const mode = before === undefined ? 0o600 : (await stat(file)).mode & 0o777;
    const draft = `${file}.${randomUUID()}`;
    try {
      await writeFile(draft, appended(before ?? Buffer.alloc(0), lines), { mode, flag: "wx" });
      // The process's mask has had its say in what was made.
      await chmod(draft, mode);
      const backup = before && (await keepCopy(file, at));
      const now = await readFile(file).catch(unlessMissing(undefined));
      if (!same(before, now)) throw changed(named);
      await rename(draft, file);
      return backup;
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(`${named} cannot be written.`, {
      got: (error as Error).message,
      allowed: "a file and a folder that you may write",
      mend: `chmod u+rw '${named}', or name another file: AWS_CONFIG_FILE`,
    });
  }
}

async function keepCopy(file: string, at: Date): Promise<string> {
  const backup = `${file}.${at.toISOString().replaceAll(":", "-")}.bak`;
  await copyFile(file, backup, constants.COPYFILE_EXCL);
  return backup;
}

function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

function changed(file: string): Fault {
  return new Fault(`${file} has changed while it was being written, so it is left as it is.`, {
    allowed: "one writer at a time",
    mend: "run the same command again",
  });
}

function unlessMissing<T>(missing: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return missing;
    throw error;
  };
}
