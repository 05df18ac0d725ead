/** Where one sandbox keeps everything: the layout of its state folder. */
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { randomBytes, randomUUID } from "node:crypto";
import { dirname, join, resolve } from "node:path";

/** Absolute paths of one sandbox. */
export interface World {
  /** The clone: the program, its plugins' working directory. */
  root: string;
  /** The state folder; everything below is in it. */
  folder: string;
  /** Pulumi.yaml and Pulumi.sandbox.yaml, made from those of the clone. */
  project: string;
  /** The stack's state, as Pulumi's file backend keeps it. */
  state: string;
  /** PULUMI_HOME. */
  home: string;
  /** First on PATH: `tw`, and links to plugins that were named. */
  bin: string;
  /** Plugins that were named by file; a folder each, as the engine wants them. */
  plugins: string;
  logs: string;
  /** Secrets as files only their owner reads; there while services run with `--keep`. */
  secrets: string;
  /** Passphrase of the stack's secrets. */
  passphrase: string;
  /** Snapshot of all services, encrypted. */
  snapshot: string;
  /** Key of {@link snapshot}. */
  snapshotKey: string;
  /** Ports, process id and control address of the services. */
  services: string;
  /** Held while services are started or stopped. */
  lock: string;
  /** Held while a deployment runs. */
  deploying: string;
}

/** The stack's name in every sandbox. */
export const STACK = "sandbox";

const ROOT = resolve(import.meta.dirname, "..");

/**
 * The sandbox of this clone.
 * @param folder - @default `MEGATESTS_SANDBOX`, or `.sandbox` in the clone; several side by side are fine
 */
export function openWorld(folder: string = process.env.MEGATESTS_SANDBOX || join(ROOT, ".sandbox")): World {
  const at = resolve(folder);
  return {
    root: ROOT,
    folder: at,
    project: join(at, "project"),
    state: join(at, "state"),
    home: join(at, "pulumi"),
    bin: join(at, "bin"),
    plugins: join(at, "plugins"),
    logs: join(at, "logs"),
    secrets: join(at, "secrets"),
    passphrase: join(at, "passphrase"),
    snapshot: join(at, "world"),
    snapshotKey: join(at, "world.key"),
    services: join(at, "services.json"),
    lock: join(at, "services.lock"),
    deploying: join(at, "deploying.lock"),
  };
}

/** Makes the folders and the passphrase where they are missing. */
export async function prepareWorld(world: World): Promise<void> {
  await mkdir(world.folder, { recursive: true, mode: 0o700 });
  // It may have been made by hand, open to all.
  await chmod(world.folder, 0o700);
  for (const folder of [world.project, world.state, world.home, world.bin, world.plugins, world.logs])
    await mkdir(folder, { recursive: true });
  await writeFile(world.passphrase, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
}

/** Writes a file in one step, readable by its owner only: who reads it meanwhile gets the old or the new. */
export async function writePrivately(file: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600, flag: "wx" });
  await rename(draft, file);
}
