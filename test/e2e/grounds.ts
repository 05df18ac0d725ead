/** What a deployment stands on in tests: all services with their watch, a toolchain, a stack that is ready to be deployed. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import deploy from "../../index.ts";
import { openDeployment, type Deployment } from "../../sandbox/deployment.ts";
import { environment, PLUGINS } from "../../sandbox/environment.ts";
import { chooseParts } from "../../sandbox/parts.ts";
import { startProber, type Prober } from "../../sandbox/prober.ts";
import { FaultInjector } from "../../sandbox/services/faults.ts";
import { DEPLOYED } from "../../sandbox/services/aws/deployer.ts";
import { deployedBy } from "../../sandbox/project.ts";
import { stackSettings } from "../../sandbox/stack-settings.ts";
import { startFleet, type Fleet } from "../../sandbox/services/fleet.ts";
import { makePluginSet } from "../../sandbox/services/plugin-set.ts";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { ensurePython } from "../../sandbox/toolchain/python.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { openWorld, prepareWorld, STACK, type World } from "../../sandbox/world.ts";
import { makeCanaryWorld, type CanaryWorld } from "../canary/seed.ts";

/** All of it; in one process, except moto, the plugins and the engine. */
export interface Grounds extends CanaryWorld {
  world: World;
  fleet: Fleet;
  faults: FaultInjector;
  prober: Prober;
  deployment: Deployment;
  /** What everything runs with. */
  env: Record<string, string>;
  /** TMPDIR of everything that runs. */
  temporary: string;
  /** Lets work run with other settings of the stack; undefined takes one out. */
  withConfig<T>(changes: Record<string, unknown>, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Times of the world. */
export interface Times {
  newKeySeconds: number;
  envSeconds: number;
  /** Pause between the prober's rounds. @default the prober's own */
  proberMilliseconds?: number;
}

/** Starts everything; nothing is deployed. */
export async function startGrounds({ proberMilliseconds, ...settings }: Times): Promise<Grounds> {
  const folder = await mkdtemp(join(tmpdir(), "e2e-"));
  const world = openWorld(join(folder, "sandbox"));
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  process.env.TMPDIR = temporary;
  await prepareWorld(world);

  const canary = makeCanaryWorld();
  const { seed } = canary;
  const faults = new FaultInjector();
  const [engine, python] = await Promise.all([ensureEngine(silent), ensurePython(silent)]);
  await chooseParts(world, engine, { plugin: {}, real: false }, silent);
  const plugins = makePluginSet(world, { engine, python });
  const [fleet, ports] = await Promise.all([
    startFleet({
      ...{ faults, python: python.python, ports: {}, saved: { seed, services: {} } },
      settings: { ...settings, deployed: await deployedBy(world) },
    }),
    plugins.need([...PLUGINS]),
  ]);
  const { urls } = fleet;
  const prober = startProber({
    heldKeys: fleet.platform.heldKeys,
    heldRoles: fleet.platform.heldRoles,
    endpoint: urls.aws,
    region: seed.region,
    milliseconds: proberMilliseconds,
  });
  const env = environment(world, { engine, python, urls, plugins: ports, region: seed.region });
  const deployment = await openDeployment(world, {
    ...{ engine: engine.path, env, urls, plugins: {}, program: deploy },
    connectToken: async () => seed.connectToken,
  });
  // As whoever changes a stack has an administrator change its deployer's policy.
  const allowToDeploy = async (config: Record<string, unknown>) => {
    const { data: deployed } = DEPLOYED.safeParse(await stackSettings(world.root, config));
    await fleet.apply({ deployed });
  };
  return {
    ...{ ...canary, world, fleet, faults, prober, deployment, env, temporary },
    withConfig: async (changes, work) => {
      const config = join(world.project, `Pulumi.${STACK}.yaml`);
      const before = await readFile(config, "utf8");
      const file = parse(before) as { config: Record<string, unknown> };
      const changed = Object.entries({ ...file.config, ...changes }).filter(
        ([, value]) => value !== undefined,
      );
      const made = Object.fromEntries(changed);
      await writeFile(config, stringify({ ...file, config: made }));
      await allowToDeploy(made);
      return work().finally(async () => {
        await writeFile(config, before);
        await allowToDeploy(file.config);
      });
    },
    close: async () => {
      await prober.stop();
      await plugins.close();
      await fleet.close();
      // What was interrupted may still be writing.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
