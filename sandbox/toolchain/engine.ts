import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import { cacheFolder, prepareOnce } from "./cache.ts";
import { findExecutable } from "./find-executable.ts";
import { unreachable } from "./reachable.ts";
import type { Report, Say } from "./report.ts";

/** The Pulumi engine that is used. */
export interface Engine {
  /** Absolute path of the `pulumi` executable. */
  path: string;
  version: string;
  /** `download` and `built` also when that happened in an earlier run. */
  source: "PATH" | "download" | "built";
}

/** What the search for the engine depends on; the defaults are this machine. */
export interface EngineOptions {
  env?: NodeJS.ProcessEnv;
  /** Folder with the go.mod that pins the engine. @default tools/pulumi */
  module?: string;
  /** @default https://get.pulumi.com */
  downloads?: string;
}

const MODULE = join(import.meta.dirname, "../../tools/pulumi");
const VERSION_SYMBOL = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** The pinned version; it stands in one place, the go.mod of tools/pulumi. */
export async function engineVersion(module: string = MODULE): Promise<string> {
  const text = await readFile(join(module, "go.mod"), "utf8");
  const version = /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\d+\.\d+\.\d+)/m.exec(text)?.[1];
  if (!version)
    throw new Error(`${join(module, "go.mod")} names no version of github.com/pulumi/pulumi/pkg/v3`);
  return version;
}

/**
 * Finds the engine on PATH at the pinned version, or fetches it, or builds it once from its source.
 * @throws Error saying what to install when none of the three can be had
 */
export async function ensureEngine(report: Report, options: EngineOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  const module = options.module ?? MODULE;
  const version = await engineVersion(module);
  return report.step("engine", async (say) => {
    const onPath = await findExecutable("pulumi", env.PATH);
    const found = onPath && (await versionOf(onPath));
    if (onPath && found === version) {
      say.note(`pulumi ${version} on PATH`);
      return { path: onPath, version, source: "PATH" };
    }
    const { folder, facts, fresh } = await prepareOnce(join(cacheFolder(env), "engine", version), (folder) =>
      obtain(folder, version, { ...options, env, module }, say, found),
    );
    const path = join(folder, "bin/pulumi");
    say.note(`pulumi ${version}, ${fresh ? "" : "cached, "}${facts.source}`);
    return { path, version, source: facts.source };
  });
}

async function versionOf(pulumi: string): Promise<string | undefined> {
  const { stdout } = await execa(pulumi, ["version"], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 20_000,
    reject: false,
  });
  return /^v?(\d+\.\d+\.\d+\S*)/.exec(String(stdout ?? ""))?.[1];
}

async function obtain(
  folder: string,
  version: string,
  { env, module, downloads }: EngineOptions & { env: NodeJS.ProcessEnv; module: string },
  say: Say,
  onPath: string | undefined,
): Promise<{ source: "download" | "built" }> {
  const fetched = await download(folder, version, downloads ?? "https://get.pulumi.com", say);
  if (fetched === undefined) return { source: "download" };

  const go = await findExecutable("go", env.PATH);
  if (!go)
    throw new Error(
      [
        `Pulumi's engine ${version} cannot be had.`,
        `  on PATH:  ${onPath ? `pulumi ${onPath}, which is not ${version}` : "no pulumi"}`,
        `  download: ${fetched}`,
        `  build:    no Go on PATH`,
        `Install one of them:`,
        `  curl -fsSL https://get.pulumi.com | sh -s -- --version ${version}`,
        `  Go 1.26 or later, from https://go.dev/dl, with which it is built from source`,
      ].join("\n"),
    );
  say.slow(`${fetched}; building pulumi ${version} from source: 2 to 7 minutes, this once`);
  await mkdir(join(folder, "bin"), { recursive: true });
  const built = await execa(
    go,
    [
      "build",
      "-trimpath",
      "-buildvcs=false",
      "-ldflags",
      `-s -w -X ${VERSION_SYMBOL}=v${version}`,
      "-o",
      join(folder, "bin/pulumi"),
      COMMAND,
    ],
    { cwd: module, env, reject: false, all: true },
  );
  if (built.failed)
    throw new Error(
      `Building pulumi ${version} in ${module} failed (${built.shortMessage}):\n${built.all.split("\n").slice(-15).join("\n")}\n` +
        `Go 1.26 or later and access to its module proxy are needed; or install the engine itself:\n` +
        `  curl -fsSL https://get.pulumi.com | sh -s -- --version ${version}`,
    );
  return { source: "built" };
}

/** @returns undefined when the engine has been fetched, else why not */
async function download(
  folder: string,
  version: string,
  from: string,
  say: Say,
): Promise<string | undefined> {
  const away = await unreachable(from);
  if (away) return away;
  say.slow(`fetching pulumi ${version} from ${new URL(from).host}`);
  try {
    // Without a version this takes the SDK's own, which engine.test.ts holds against go.mod.
    const command = await PulumiCommand.install({ root: folder });
    return command.version?.version === version ? undefined : `got pulumi ${command.version?.version}`;
  } catch (error) {
    return `download failed (${(error as Error).message.split("\n")[0]})`;
  }
}
