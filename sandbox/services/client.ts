/** How a command finds, starts, asks and ends the services of a sandbox. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import ky, { HTTPError, type KyInstance } from "ky";
import { compileCache, withoutAccounts, type PluginName } from "../environment.ts";
import { locked } from "../toolchain/cache.ts";
import { prepareWorld, type World } from "../world.ts";
import { isAlive } from "./alive.ts";
import type { ClientSecrets, Settings, Status } from "./control.ts";
import type { DaemonOptions } from "./daemon.ts";
import type { FirstWord } from "./main.ts";
import type { FaultRule } from "./fault-rule.ts";
import { readRecord, type Running } from "./record.ts";

/** Services that answer. */
export interface Services extends Running {
  /** True when this process has started them. */
  started: boolean;
  status(): Promise<Status>;
  secrets(): Promise<ClientSecrets>;
  apply(settings: Settings): Promise<void>;
  needPlugins(names: PluginName[]): Promise<Partial<Record<PluginName, number>>>;
  hold(pid: number | null): Promise<void>;
  /** Arms rules. */
  addFaults(rules: FaultRule[]): Promise<void>;
  /** Which process group deploys now, for rules that kill it; null for none. */
  tellEngine(pid: number | null): Promise<void>;
  resetProber(): Promise<void>;
  save(): Promise<void>;
}

const SHUTDOWN_SECONDS = 60;

/** @returns the services of this sandbox if they run */
export async function findServices(world: World): Promise<Services | undefined> {
  const { running } = await readRecord(world);
  if (!running) return undefined;
  const api = ky.create({
    prefixUrl: running.control,
    headers: { authorization: `Bearer ${running.token}` },
    retry: 0,
    timeout: 60_000,
  });
  try {
    await api.get("health", { timeout: 3_000 });
  } catch {
    // The process is gone, and whoever has its port now does not know the token.
    return undefined;
  }
  return { ...running, started: false, ...calls(api) };
}

/**
 * Finds the services, or starts them.
 * @throws Error with the services' own words when they do not start
 */
export async function ensureServices(
  world: World,
  options: Omit<DaemonOptions, "folder">,
): Promise<Services> {
  await prepareWorld(world);
  return locked(world.lock, async () => {
    const found = await findServices(world);
    if (found) {
      await found.apply(options.settings);
      return { ...found, plugins: await found.needPlugins(options.plugins) };
    }
    await startServices(world, { ...options, folder: world.folder });
    const services = await findServices(world);
    if (!services) throw new Error(`The services ended right after their start; see ${logOf(world)}`);
    return { ...services, started: true };
  });
}

/** Ends the services; they save themselves first. @returns false when none ran */
export async function stopServices(world: World): Promise<boolean> {
  if (!existsSync(world.folder)) return false;
  return locked(world.lock, async () => {
    const running = await findServices(world);
    await rm(world.secrets, { recursive: true, force: true });
    if (!running) return false;
    await ky.post(`${running.control}/shutdown`, {
      headers: { authorization: `Bearer ${running.token}` },
      retry: 0,
    });
    const deadline = Date.now() + SHUTDOWN_SECONDS * 1000;
    while (isAlive(running.pid)) {
      if (Date.now() > deadline)
        throw new Error(
          `The services (process ${running.pid}) have not ended within ${SHUTDOWN_SECONDS} s; see ${logOf(world)}`,
        );
      await sleep(30);
    }
    return true;
  });
}

async function startServices(world: World, options: DaemonOptions): Promise<void> {
  await mkdir(world.logs, { recursive: true });
  const log = await open(logOf(world), "a", 0o600);
  try {
    const child = spawn(
      process.execPath,
      [join(world.root, "sandbox/services/main.ts"), JSON.stringify(options)],
      {
        cwd: world.root,
        detached: true,
        env: { ...withoutAccounts(), NODE_COMPILE_CACHE: compileCache() },
        stdio: ["ignore", log.fd, log.fd, "ipc"],
      },
    );
    const word = await new Promise<FirstWord>((resolve) => {
      child.once("message", (message) => resolve(message as FirstWord));
      child.once("error", (error) => resolve({ failed: error.message }));
      child.once("exit", (code, signal) =>
        resolve({ failed: `ended with ${signal ?? `exit code ${code}`}` }),
      );
    });
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
    if ("failed" in word)
      throw new Error(`The services did not start: ${word.failed}\nTheir log: ${logOf(world)}`);
  } finally {
    await log.close();
  }
}

function calls(api: KyInstance): Omit<Services, keyof Running | "started"> {
  return {
    status: () => ask(() => api.get("status").json<Status>()),
    secrets: () => ask(() => api.get("secrets").json<ClientSecrets>()),
    apply: (settings) => ask(async () => void (await api.post("settings", { json: settings }))),
    needPlugins: (names) => ask(() => api.post("plugins", { json: names }).json()),
    hold: (pid) => ask(async () => void (await api.post("hold", { json: { pid } }))),
    addFaults: (rules) => ask(async () => void (await api.post("faults", { json: rules }))),
    tellEngine: (pid) => ask(async () => void (await api.post("engine", { json: { pid } }))),
    resetProber: () => ask(async () => void (await api.delete("prober"))),
    save: () => ask(async () => void (await api.post("save"))),
  };
}

/** The API's own words instead of the HTTP client's. */
async function ask<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof HTTPError)) throw error;
    const { message } = await error.response
      .json<{ message?: string }>()
      .catch(() => ({ message: undefined }));
    throw new Error(`The sandbox's services answered ${error.response.status}: ${message ?? "nothing more"}`);
  }
}

function logOf(world: World): string {
  return join(world.logs, "services.log");
}
