/** Everything of one sandbox that runs between commands, in one process: services, plugins, prober, control API. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { PLUGINS } from "../environment.ts";
import { startProber } from "../prober.ts";
import { seal, unseal } from "../sealed.ts";
import type { World } from "../world.ts";
import { isAlive } from "./alive.ts";
import { makeControl, SETTINGS } from "./control.ts";
import { FaultInjector } from "./faults.ts";
import { portsOf, startFleet, type FleetSnapshot } from "./fleet.ts";
import { inspect } from "./inspect.ts";
import { makePluginSet } from "./plugin-set.ts";
import { readRecord, writeRecord } from "./record.ts";

/** What a daemon is told when it is started. */
export const DAEMON_OPTIONS = z.strictObject({
  /** The state folder. */
  folder: z.string(),
  engine: z.object({ path: z.string(), version: z.string(), source: z.enum(["PATH", "download", "built"]) }),
  python: z.object({ python: z.string(), bin: z.string() }),
  /** Stand-in plugins to start. */
  plugins: z.array(z.enum(PLUGINS)),
  settings: SETTINGS,
});
export type DaemonOptions = z.infer<typeof DAEMON_OPTIONS>;

/** A sandbox that runs in this process. */
export interface Daemon {
  /** Saves, ends everything, and says so in services.json. */
  shutdown(): Promise<void>;
}

const SAVE_EVERY_MS = 15_000;
const LOOK_FOR_HOLDER_MS = 500;

/** Starts everything, where the last run left off. */
export async function startDaemon(world: World, options: DaemonOptions): Promise<Daemon> {
  const { ports } = await readRecord(world);
  const saved = (await unseal(world.snapshot, world.snapshotKey)) as FleetSnapshot | undefined;
  const faults = new FaultInjector();
  const plugins = makePluginSet(world, options);
  const pluginsStarting = plugins.need(options.plugins);
  const { python } = options.python;
  const fleetStarting = startFleet({ faults, python, ports, saved, settings: options.settings });
  const [fleet, attached] = await Promise.all([fleetStarting, pluginsStarting]).catch(
    async (error: unknown) => {
      await Promise.allSettled([fleetStarting.then(({ close }) => close()), pluginsStarting]);
      await plugins.close();
      throw error;
    },
  );
  const { seed, urls, platform } = fleet;
  const prober = startProber({
    heldKeys: () => platform.heldKeys(),
    heldRoles: () => platform.heldRoles(),
    endpoint: urls.aws,
    region: seed.region,
  });

  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    // One after the other, also behind one that failed: the file must end up with the newest.
    saving = saving
      .catch(() => undefined)
      .then(async () => seal(world.snapshot, world.snapshotKey, await fleet.snapshot()));
    return saving;
  };
  let holder: number | null = null;
  const timers = [
    setInterval(() => void save().catch(complain), SAVE_EVERY_MS),
    setInterval(() => {
      if (holder !== null && !isAlive(holder)) void shutdown().catch(complain);
    }, LOOK_FOR_HOLDER_MS),
  ];
  let ended: Promise<void> | undefined;
  const shutdown = () => (ended ??= end());
  const end = async () => {
    timers.forEach(clearInterval);
    // What cannot be saved must not keep the rest alive.
    await save().catch(complain);
    await Promise.all([prober.stop(), plugins.close()]);
    await Promise.all([fleet.close(), control.close()]);
    await writeRecord(world, { ports: portsOf(urls) });
  };

  const token = randomBytes(32).toString("base64url");
  const control = makeControl(token, {
    ...{ faults, save },
    apply: (settings) => fleet.apply(settings),
    needPlugins: (names) => plugins.need(names),
    inspect: () => inspect(urls, fleet.aws.adminClientConfig(), seed),
    probed: () => prober.probed,
    resetProber: () => prober.reset(),
    secrets: () => ({
      awsAccessKeyId: seed.deployer.accessKeyId,
      awsSecretAccessKey: seed.deployer.secretAccessKey,
      platformToken: seed.platformToken,
      githubToken: seed.githubToken,
      connectToken: seed.connectToken,
    }),
    hold: (pid) => void (holder = pid),
    shutdown: () => void shutdown().catch(complain),
  });
  const address = await control.listen({ host: "127.0.0.1", port: 0 });
  // On the disk before anything can change it: a token that was given out stays the token.
  await save();
  const running = { pid: process.pid, control: address, token, urls, plugins: attached, region: seed.region };
  await writeRecord(world, { ports: portsOf(urls), running });
  return { shutdown };
}

function complain(error: unknown): void {
  console.error(new Date().toISOString(), error);
}
