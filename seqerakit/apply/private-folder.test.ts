import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inPrivateFolder } from "./private-folder.ts";

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
});
