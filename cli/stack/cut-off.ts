/**
 * What an engine leaves cut off that is killed while it writes the state. The state itself is put in place in one step;
 * the note beside it (content type, checksum) is not, and with half a note the engine reads no state at all: `failed to
 * load checkpoint: EOF`. Without a note it does. https://pkg.go.dev/gocloud.dev/blob/fileblob
 */
import { readFile, rm } from "node:fs/promises";

/** Paths of the notes beside a state file, and beside its backup, that are not whole. */
export async function cutOffNotes(stateFile: string): Promise<string[]> {
  const notes = [`${stateFile}.attrs`, `${stateFile}.bak.attrs`];
  const whole = await Promise.all(notes.map((path) => readFile(path, "utf8").then(isJson, () => true)));
  return notes.filter((_, at) => !whole[at]);
}

/** Takes a note away. */
export async function removeNote(path: string): Promise<void> {
  await rm(path, { force: true });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
