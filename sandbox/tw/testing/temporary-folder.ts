/** Files for a test. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A folder that is gone after the tests of a file. */
export function temporaryFolder(): { folder: string; file: (name: string, content: unknown) => string } {
  const folder = mkdtempSync(join(tmpdir(), "tw-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  return { folder, file };
}
