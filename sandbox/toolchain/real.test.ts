import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureReal, linkPlugins, TW_VERSION } from "./real.ts";
import { silent } from "./report.ts";

const modules = join(import.meta.dirname, "../../node_modules");
let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "real-"));
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

/** A GitHub with one release of `tw`, for every platform the same script. */
async function github(program: string, digest: string): Promise<string> {
  const names = ["tw-linux-x86_64", "tw-linux-arm64", "tw-osx-x86_64", "tw-osx-arm64"];
  server = createServer((request, response) => {
    const { host } = request.headers;
    const assets = names.map((name) => ({ name, digest, browser_download_url: `http://${host}/tw` }));
    response.end(request.url === "/tw" ? program : JSON.stringify({ assets }));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const options = (github: string) => ({
  engine: "/nowhere",
  modules,
  github,
  env: { MEGATESTS_CACHE: folder },
});
const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

test("tw is fetched, checked against its release, and asked for its version", async () => {
  const program = `#!/bin/sh\necho "Tower CLI version ${TW_VERSION}"\n`;
  const at = await github(program, sha256(program));
  const { tw } = await ensureReal(["tw"], silent, options(at));
  expect(await readFile(tw ?? "", "utf8")).toBe(program);
});

test("a tw that is not what its release says is refused", async () => {
  const at = await github("#!/bin/sh\n", sha256("another"));
  await expect(ensureReal(["tw"], silent, options(at))).rejects.toThrow(
    new RegExp(
      `With --real these cannot be had here:\n  tw: ${TW_VERSION}: tw-\\S+ is sha256:\\w+, its release says sha256:\\w+\n`,
    ),
  );
});

test("a tw of another version is refused", async () => {
  const program = "#!/bin/sh\necho 0.1.0\n";
  const at = await github(program, sha256(program));
  await expect(ensureReal(["tw"], silent, options(at))).rejects.toThrow(/says it is 0\.1\.0/);
});

test("every part that cannot be had is named, with the way around", async () => {
  const failed = ensureReal(["tw"], silent, options("http://127.0.0.1:1"));
  await expect(failed).rejects.toThrow(
    [
      "With --real these cannot be had here:",
      `  tw: ${TW_VERSION}: 127.0.0.1:1 cannot be reached (bad port)`,
      "Leave --real out to use the stand-ins, or name what is on this machine:",
      "  npm run sandbox -- --plugin aws=PATH --tw PATH      (plugins: aws, command, github, onepassword)",
    ].join("\n"),
  );
});

test("the engine's home gets a link to the plugins, once", async () => {
  const home = join(folder, "home");
  await linkPlugins(home, folder);
  await linkPlugins(home, folder);
  expect(await readlink(join(home, "plugins"))).toBe(folder);
});
