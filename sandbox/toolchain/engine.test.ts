import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureEngine, engineVersion } from "./engine.ts";
import { silent } from "./report.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "engine-"));
});
afterEach(() => rm(folder, { recursive: true }));

const NOWHERE = "http://127.0.0.1:1";

/** A PATH with these programs only, as shell scripts. */
async function pathWith(programs: Record<string, string>): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const [name, script] of Object.entries(programs))
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return bin;
}

test("the SDK, whose installer is used, has the engine's version", async () => {
  const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
  expect(await engineVersion()).toBe(version);
});

test("pulumi on PATH is used at exactly the pinned version", async () => {
  const PATH = await pathWith({ pulumi: `echo v${await engineVersion()}` });
  const engine = await ensureEngine(silent, { env: { PATH, MEGATESTS_CACHE: folder }, downloads: NOWHERE });
  expect(engine).toEqual({ path: join(PATH, "pulumi"), version: await engineVersion(), source: "PATH" });
});

test("another version on PATH, no download and no Go: the error says what to install", async () => {
  const PATH = await pathWith({ pulumi: "echo v3.100.0" });
  const version = await engineVersion();
  const failed = ensureEngine(silent, { env: { PATH, MEGATESTS_CACHE: folder }, downloads: NOWHERE });
  await expect(failed).rejects.toThrow(
    [
      `Pulumi's engine ${version} cannot be had.`,
      `  on PATH:  pulumi 3.100.0, which is not ${version}`,
      `  download: 127.0.0.1:1 cannot be reached (bad port)`,
      `  build:    no Go on PATH`,
      `Install one of them:`,
      `  curl -fsSL https://get.pulumi.com | sh -s -- --version ${version}`,
      `  Go 1.26 or later, from https://go.dev/dl, with which it is built from source`,
    ].join("\n"),
  );
});

test("it is built once, with the version linked in", async () => {
  // Stands in for Go: writes what it was told to the file behind -o.
  const go = `for last; do if [ "$out" = next ]; then out=$last; echo "$@" > "$last"; chmod +x "$last"; fi; [ "$last" = -o ] && out=next; done; echo x >> "${folder}/builds"`;
  const PATH = await pathWith({ go });
  const env = { PATH: `${PATH}:/bin:/usr/bin`, MEGATESTS_CACHE: folder };
  const version = await engineVersion();
  const engine = await ensureEngine(silent, { env, downloads: NOWHERE });
  expect(engine).toEqual({ path: join(folder, "engine", version, "bin/pulumi"), version, source: "built" });
  expect(await readFile(engine.path, "utf8")).toContain(`version.Version=v${version} -o`);
  expect(await ensureEngine(silent, { env, downloads: NOWHERE })).toEqual(engine);
  expect(await readFile(join(folder, "builds"), "utf8")).toBe("x\n");
});

test("a failed build shows the compiler's last words and the way around", async () => {
  const PATH = await pathWith({ go: "echo 'go: module lookup disabled' >&2; exit 1" });
  const failed = ensureEngine(silent, { env: { PATH, MEGATESTS_CACHE: folder }, downloads: NOWHERE });
  await expect(failed).rejects.toThrow(/go: module lookup disabled\n[^]*get\.pulumi\.com \| sh/);
});

test("a host that never answers is given up after seconds", async () => {
  const server: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const began = Date.now();
  try {
    const env = { PATH: folder, MEGATESTS_CACHE: folder };
    await expect(ensureEngine(silent, { env, downloads: `http://127.0.0.1:${port}` })).rejects.toThrow(
      `download: 127.0.0.1:${port} did not answer within 5 s`,
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect(Date.now() - began).toBeLessThan(9_000);
});
