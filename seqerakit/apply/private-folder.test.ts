import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { describe, expect, it, vi } from "vitest";
import { clearAbandoned, inPrivateFolder } from "./private-folder.ts";

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("inPrivateFolder", () => {
  it("lends a folder and files that nobody else can read, and clears them away", async () => {
    const path = await inPrivateFolder(async (folder) => {
      const file = await folder.write("secret", "hush");
      expect([mode(folder.path), mode(file), readFileSync(file, "utf8")]).toEqual(["700", "600", "hush"]);
      return folder.path;
    });
    expect(existsSync(path)).toBe(false);
  });

  it("clears them away when the work fails", async () => {
    let path = "";
    const work = inPrivateFolder(async (folder) => {
      path = folder.path;
      await folder.write("secret", "hush");
      throw new Error("broken");
    });
    await expect(work).rejects.toThrow("broken");
    expect(existsSync(path)).toBe(false);
  });

  it("clears away what a killed process has left, and nothing of one that lives", async () => {
    const folder = mkdtempSync(join(tmpdir(), "abandoned-"));
    vi.stubEnv("TMPDIR", folder);
    const gone = execaSync("sh", ["-c", "echo $$"]).stdout;
    for (const name of [`megatests-${gone}-a`, `megatests-${process.pid}-b`, "megatests-other"])
      mkdirSync(join(folder, name));
    await clearAbandoned();
    expect(readdirSync(folder).toSorted()).toEqual([`megatests-${process.pid}-b`, "megatests-other"]);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
});
