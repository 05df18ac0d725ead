import { execa } from "execa";
import { once } from "node:events";
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

  it.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
    "clears them away when the process and its group end by %s",
    async (signal) => {
      const module = JSON.stringify(new URL("private-folder.ts", import.meta.url));
      const program = `
        const { inPrivateFolder } = await import(${module});
        await inPrivateFolder(async ({ path, write }) => {
          await write("secret", "hush");
          console.log(path);
          await new Promise((resolve) => setTimeout(resolve, 60_000));
        });`;
      const child = execa(process.execPath, ["--input-type=module", "-e", program], {
        detached: true,
        reject: false,
      });
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const path = line.toString().trim();
      expect(readFileSync(`${path}/secret`, "utf8")).toBe("hush");
      process.kill(-child.pid!, signal);
      await child;
      await expect.poll(() => existsSync(path), { timeout: 5000 }).toBe(false);
    },
  );
});
