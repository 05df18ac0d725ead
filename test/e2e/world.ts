/** One sandbox in this process for end-to-end tests: real engine, the program, all services, and hands on all of them. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  LocalWorkspace,
  type EngineEvent,
  type OpType,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import deploy from "../../index.ts";
import { makeProgress } from "../../cli/progress.ts";
import { operate } from "../../cli/sandbox/operation.ts";
import { openDeployment } from "../../sandbox/deployment.ts";
import { environment, PLUGINS } from "../../sandbox/environment.ts";
import { chooseParts } from "../../sandbox/parts.ts";
import { startProber, type Prober } from "../../sandbox/prober.ts";
import { FaultInjector, type Call } from "../../sandbox/services/faults.ts";
import { startFleet, type Fleet } from "../../sandbox/services/fleet.ts";
import { inspect, type Inspection } from "../../sandbox/services/inspect.ts";
import { makePluginSet } from "../../sandbox/services/plugin-set.ts";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { ensurePython } from "../../sandbox/toolchain/python.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { openWorld, prepareWorld, STACK, type World } from "../../sandbox/world.ts";
import { isProber } from "./calls.ts";
import { watchArgv, type ArgvWatch } from "../canary/argv.ts";
import { makeCanaryWorld, type CanaryWorld } from "../canary/seed.ts";

/** What one operation of the engine did. */
export interface Run {
  /** Whether it ended well. */
  ok: boolean;
  /** What an operator sees. */
  text: string;
  /** Steps by resource name, in order; those that change nothing are left out. */
  steps: Record<string, OpType[]>;
  /** What the services were asked meanwhile, the prober's calls left out. */
  calls: Call[];
}

type Operation = "up" | "preview" | "destroy";

/** A world in use by tests. */
export interface E2eWorld extends CanaryWorld {
  world: World;
  fleet: Fleet;
  faults: FaultInjector;
  prober: Prober;
  stack: Stack;
  /** Everything that was printed so far, for people and for programs. */
  printed: string[];
  argv: ArgvWatch;
  /** TMPDIR of everything that runs. */
  temporary: string;
  run(operation: Operation, onEvent?: (event: EngineEvent) => void): Promise<Run>;
  inspect(): Promise<Inspection>;
  /** Lets work run with other settings of the stack; undefined takes one out. */
  withConfig<T>(changes: Record<string, unknown>, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Starts everything; nothing is deployed. */
export async function startWorld(): Promise<E2eWorld> {
  const folder = await mkdtemp(join(tmpdir(), "e2e-"));
  const world = openWorld(join(folder, "sandbox"));
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  process.env.TMPDIR = temporary;
  await prepareWorld(world);

  const canary = makeCanaryWorld();
  const { seed } = canary;
  const faults = new FaultInjector();
  const [engine, python, argv] = await Promise.all([ensureEngine(silent), ensurePython(silent), watchArgv()]);
  await chooseParts(world, engine, { plugin: {}, real: false }, silent);
  const plugins = makePluginSet(world, { engine, python });
  const [fleet, ports] = await Promise.all([
    startFleet({
      ...{ faults, python: python.python, ports: {}, saved: { seed, services: {} } },
      settings: { newKeySeconds: 1, envSeconds: 0.3 },
    }),
    plugins.need([...PLUGINS]),
  ]);
  const prober = startProber({
    heldKeys: fleet.platform.heldKeys,
    endpoint: fleet.urls.aws,
    region: seed.region,
  });
  const { urls } = fleet;
  const env = environment(world, { engine, python, urls, plugins: ports, region: seed.region });
  const deployment = await openDeployment(world, {
    ...{ engine: engine.path, env, urls, plugins: {}, program: deploy },
    connectToken: async () => seed.connectToken,
  });
  const stack = await LocalWorkspace.selectStack(
    { stackName: STACK, projectName: "AWSMegatests", program: deploy },
    { workDir: world.project, envVars: env },
  );

  const printed: string[] = [];
  const config = join(world.project, `Pulumi.${STACK}.yaml`);
  return {
    ...{ ...canary, world, fleet, faults, prober, stack, printed, argv, temporary },
    inspect: () => inspect(urls, fleet.aws.adminClientConfig(), seed),
    run: async (operation, onEvent) => {
      const lines: string[] = [];
      const progress = makeProgress({ write: (text: string) => lines.push(text) });
      const steps: Run["steps"] = {};
      const since = faults.calls.at(-1)?.n ?? 0;
      const ok = await operate<unknown>(progress, (listener, signal) =>
        deployment[operation]((event) => {
          note(event, steps);
          listener(event);
          onEvent?.(event);
        }, signal),
      ).then(
        () => true,
        (error: Error) => {
          if (error.message) progress.error(error.message);
          return false;
        },
      );
      const text = lines.join("");
      printed.push(text);
      // Each key that was ever made gets to the Platform in the end.
      for (const key of fleet.platform.heldKeys())
        canary.secrets[`secret of ${key.accessKeyId}`] = key.secretAccessKey;
      return { ok, text, steps, calls: faults.calls.filter((call) => call.n > since && !isProber(call)) };
    },
    withConfig: async (changes, work) => {
      const before = await readFile(config, "utf8");
      const file = parse(before) as { config: Record<string, unknown> };
      const changed = Object.entries({ ...file.config, ...changes }).filter(
        ([, value]) => value !== undefined,
      );
      await writeFile(config, stringify({ ...file, config: Object.fromEntries(changed) }));
      return work().finally(() => writeFile(config, before));
    },
    close: async () => {
      await prober.stop();
      await plugins.close();
      await fleet.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Names of files that lie where programs put temporary ones. */
export async function leftBehind({ temporary }: E2eWorld): Promise<string[]> {
  return readdir(temporary, { recursive: true });
}

/** Ids of the access keys of all users but the deployer. */
export function keysOf({ aws }: Inspection): string[] {
  return aws.users.flatMap(({ keys }) => keys.map(({ id }) => id));
}

function note({ resourcePreEvent }: EngineEvent, steps: Run["steps"]): void {
  const { op, urn = "" } = resourcePreEvent?.metadata ?? {};
  if (op === undefined || op === "same" || urn.includes("::pulumi:pulumi:Stack::")) return;
  (steps[urn.split("::").at(-1) ?? ""] ??= []).push(op);
}
