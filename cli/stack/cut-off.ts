/**
 * What an engine leaves cut off that is killed while it writes the state. The state itself is put in place in one step;
 * the note beside it (content type, checksum) is not, and with half a note the engine reads no state at all: `failed to
 * load checkpoint: EOF`. Without a note it does. https://pkg.go.dev/gocloud.dev/blob/fileblob
 */
import { readFile, rm } from "node:fs/promises";

/** The engine's words for it, also where it is only asked which stack is selected. */
const CUT_OFF = /failed to load checkpoint: (.*EOF)/;
/** With what it could read of the note it names the file of the state, and with it the stack. */
const STATE_FILE = /\(key "[^"]*\/([^"/]+)\.json"\)/;

/** What the engine says of a note that is not whole; undefined where it is about something else. */
export function cutOffIn(words: string): { stack: string | undefined } | undefined {
  const [, said] = CUT_OFF.exec(words) ?? [];
  return said === undefined ? undefined : { stack: STATE_FILE.exec(said)?.[1] };
}

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
