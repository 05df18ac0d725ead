/** The real plugins and the real `tw`, at the versions the project is made for; fetched once and kept. */
import { createHash } from "node:crypto";
import { lstat, mkdir, readFile, rmdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { PLUGINS, type PluginName } from "../environment.ts";
import { cacheFolder, prepareOnce } from "./cache.ts";
import { unreachable } from "./reachable.ts";
import type { Report } from "./report.ts";

/** The version of `tw` the deployment is made for. */
export const TW_VERSION = "0.38.0";

/** One part that is to be real. */
export type RealPart = PluginName | "tw";

/** What the search for real parts depends on; the defaults are this machine. */
export interface RealOptions {
  /** Path of the engine, which fetches the plugins. */
  engine: string;
  env?: NodeJS.ProcessEnv;
  /** The project's node_modules; the SDKs in it say which plugin versions they need. */
  modules: string;
  /** @default https://api.github.com */
  github?: string;
}

/** What has been fetched. */
export interface RealParts {
  /** A folder with the plugins in it, as PULUMI_HOME/plugins has them; absent when no plugin was asked for. */
  plugins?: string;
  /** Path of `tw`; absent when it was not asked for. */
  tw?: string;
}

const SDKS: Record<PluginName, string> = {
  aws: "@pulumi/aws",
  command: "@pulumi/command",
  github: "@pulumi/github",
  onepassword: "@1password/pulumi-onepassword",
};

/** How `tw`'s releases name this machine. */
const ASSETS: Partial<Record<string, string>> = {
  "linux x64": "tw-linux-x86_64",
  "linux arm64": "tw-linux-arm64",
  "darwin x64": "tw-osx-x86_64",
  "darwin arm64": "tw-osx-arm64",
};

/**
 * Fetches the parts, each once.
 * @throws Error naming every part that cannot be had, and why
 */
export async function ensureReal(
  parts: RealPart[],
  report: Report,
  options: RealOptions,
): Promise<RealParts> {
  const home = join(cacheFolder(options.env), "plugins");
  const failed: string[] = [];
  const had: RealParts = {};
  await Promise.all(
    parts.map((part) =>
      report
        .step(part, async (say) => {
          if (part === "tw") {
            had.tw = await ensureTw(options);
            say.note(`tw ${TW_VERSION}, the real one`);
            return;
          }
          const version = await ensurePlugin(part, home, options);
          had.plugins = join(home, "plugins");
          say.note(`pulumi-resource-${part} ${version}, the real one`);
        })
        .catch((error: Error) => failed.push(`  ${part}: ${error.message}`)),
    ),
  );
  if (failed.length > 0)
    throw new Error(
      `With --real these cannot be had here:\n${failed.sort().join("\n")}\n` +
        `Leave --real out to use the stand-ins, or name what is on this machine:\n` +
        `  npm run sandbox -- --plugin aws=PATH --tw PATH      (plugins: ${PLUGINS.join(", ")})`,
    );
  return had;
}

/** Lets the engine of this PULUMI_HOME see the plugins. */
export async function linkPlugins(home: string, plugins: string): Promise<void> {
  const link = join(home, "plugins");
  const there = await lstat(link).catch(() => undefined);
  if (there?.isSymbolicLink()) return;
  if (there) await rmdir(link);
  await mkdir(home, { recursive: true });
  await symlink(plugins, link);
}

/** @returns the version */
async function ensurePlugin(name: PluginName, home: string, options: RealOptions): Promise<string> {
  const { version, server } = await neededPlugin(name, options.modules);
  await prepareOnce(join(home, "installed", `${name}-${version}`), async () => {
    await reachableOr(
      ["https://api.github.com", ...(server ? [] : ["https://get.pulumi.com"])],
      `${version}: `,
    );
    const from = server ? ["--server", server] : [];
    const done = await execa(options.engine, ["plugin", "install", "resource", name, version, ...from], {
      env: { ...options.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      all: true,
      reject: false,
    });
    if (done.failed)
      throw new Error(`${version}: ${done.all.trim().split("\n").at(-1) ?? done.shortMessage}`);
    return { version };
  });
  return version;
}

/** Version and place of the plugin that an SDK was made for, by the SDK's own word. */
export async function neededPlugin(
  name: PluginName,
  modules: string,
): Promise<{ version: string; server?: string }> {
  const { version, pulumi } = JSON.parse(
    await readFile(join(modules, SDKS[name], "package.json"), "utf8"),
  ) as { version: string; pulumi: { version?: string; server?: string } };
  return { version: (pulumi.version ?? version).replace(/^v/, ""), server: pulumi.server };
}

/** @returns the path of `tw` */
async function ensureTw(options: RealOptions): Promise<string> {
  const asset = ASSETS[`${process.platform} ${process.arch}`];
  const { folder } = await prepareOnce(join(cacheFolder(options.env), "tw", TW_VERSION), async (folder) => {
    if (!asset) throw new Error(`${TW_VERSION}: no release for ${process.platform} on ${process.arch}`);
    const api = options.github ?? "https://api.github.com";
    await reachableOr([api], `${TW_VERSION}: `);
    const found = await findRelease(api, asset);
    const file = join(folder, "tw");
    const answer = await fetch(found.url, { signal: AbortSignal.timeout(300_000) });
    if (!answer.ok) throw new Error(`${TW_VERSION}: ${found.url} answered ${answer.status}`);
    const program = Buffer.from(await answer.arrayBuffer());
    const digest = `sha256:${createHash("sha256").update(program).digest("hex")}`;
    if (digest !== found.digest)
      throw new Error(`${TW_VERSION}: ${asset} is ${digest}, its release says ${found.digest}`);
    await writeFile(file, program, { mode: 0o755 });
    const { stdout } = await execa(file, ["--version"], { reject: false });
    if (!String(stdout).includes(TW_VERSION))
      throw new Error(`${TW_VERSION}: ${asset} says it is ${String(stdout)}`);
    return { asset, digest };
  });
  return join(folder, "tw");
}

interface Release {
  assets: { name: string; digest?: string; browser_download_url: string }[];
}

async function findRelease(api: string, name: string): Promise<{ url: string; digest: string | undefined }> {
  const url = `${api}/repos/seqeralabs/tower-cli/releases/tags/v${TW_VERSION}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  if (!answer.ok) throw new Error(`${TW_VERSION}: ${url} answered ${answer.status}`);
  const { assets } = (await answer.json()) as Release;
  const asset = assets.find((each) => each.name === name);
  if (!asset)
    throw new Error(
      `${TW_VERSION}: the release has no ${name}, only ${assets.map((each) => each.name).join(", ")}`,
    );
  return { url: asset.browser_download_url, digest: asset.digest };
}

/** Any one of the hosts is enough. */
async function reachableOr(hosts: string[], prefix: string): Promise<void> {
  const away = await Promise.all(hosts.map((host) => unreachable(host)));
  if (away.every((why) => why !== undefined)) throw new Error(prefix + away.join("; "));
}
