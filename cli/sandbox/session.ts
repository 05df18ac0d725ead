/** What every sandbox command needs: the toolchain, running services, a stack; and an orderly end. */
import { openDeployment, type Deployment } from "../../sandbox/deployment.ts";
import { environment } from "../../sandbox/environment.ts";
import { checkParts, chooseParts, type Parts, type PartsWanted } from "../../sandbox/parts.ts";
import type { FaultRule } from "../../sandbox/services/fault-rule.ts";
import { ensureServices, stopServices, type Services } from "../../sandbox/services/client.ts";
import { locked } from "../../sandbox/toolchain/cache.ts";
import { deployedBy } from "../../sandbox/project.ts";
import { ensureEngine, type Engine } from "../../sandbox/toolchain/engine.ts";
import { ensurePython } from "../../sandbox/toolchain/python.ts";
import { openWorld, prepareWorld, type World } from "../../sandbox/world.ts";
import type { Progress } from "../progress.ts";
import { hide } from "../redaction/index.ts";
import { killTheEngine } from "./faults.ts";

/** Options that the commands share. */
export interface SandboxOptions extends PartsWanted {
  json: boolean;
  /** Leave the services running. */
  keep: boolean;
  newKeySeconds?: number;
  envSeconds?: number;
  /** What goes wrong at the services while this deploys. @default nothing */
  fault?: FaultRule[];
  /** The call at which the engine is killed. @default none */
  killEngineAt?: FaultRule;
}

/** All that is to go wrong. */
export function faultsOf({ fault = [], killEngineAt }: SandboxOptions): FaultRule[] {
  return killEngineAt ? [...fault, killEngineAt] : fault;
}

/** Seconds each part of a command has taken. */
export type Seconds = Partial<Record<"toolchain" | "services" | "deploy" | "verify", number>>;

/** A sandbox in use by one command. */
export interface Session {
  world: World;
  engine: Engine;
  parts: Parts;
  services: Services;
  deployment: Deployment;
  /** The variables everything runs with. */
  env: Record<string, string>;
  seconds: Seconds;
}

/**
 * Prepares everything, lets `work` run, and ends the services unless they are to stay or were there before.
 * One command at a time: another one waits.
 */
export async function withSession<T>(
  options: SandboxOptions,
  progress: Progress,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const world = openWorld();
  await checkParts(options);
  await prepareWorld(world);
  return locked(
    world.deploying,
    async () => {
      const seconds: Seconds = {};
      const begun = Date.now();
      const [engine, python] = await Promise.all([ensureEngine(progress), ensurePython(progress)]);
      const parts = await chooseParts(world, engine, options, progress);
      seconds.toolchain = since(begun);

      const starting = Date.now();
      const services = await startServices(world, options, { engine, python, parts }, progress);
      try {
        const { awsSecretAccessKey, platformToken, githubToken, connectToken } = await services.secrets();
        hide(awsSecretAccessKey, platformToken, githubToken, connectToken);
        const { urls, region } = services;
        const plugins = Object.fromEntries(
          Object.entries(services.plugins).filter(([name]) => (parts.imitated as string[]).includes(name)),
        );
        const surroundings = { engine, python, urls, plugins, region, mayFetchPlugins: options.real };
        const env = environment(world, surroundings);
        seconds.services = since(starting);
        const deployment = await openDeployment(world, {
          ...{ engine: engine.path, env, urls, plugins: parts.folders },
          connectToken: async () => (await services.secrets()).connectToken,
          tellEngine: killTheEngine(faultsOf(options)) ? services.tellEngine : undefined,
        });
        const result = await work({ world, engine, parts, services, deployment, env, seconds });
        if (options.keep) await services.hold(null);
        return result;
      } finally {
        const stop = services.started && !options.keep;
        // What went wrong before is the error to show, not that the services are gone too.
        await (stop ? stopServices(world) : services.save()).catch((error: Error) =>
          progress.warn(error.message),
        );
      }
    },
    () => progress.line("  waiting for another sandbox command to end …"),
  );
}

type Prepared = { engine: Engine; python: Awaited<ReturnType<typeof ensurePython>>; parts: Parts };

async function startServices(
  world: World,
  { newKeySeconds, envSeconds, keep }: SandboxOptions,
  { engine, python, parts }: Prepared,
  progress: Progress,
): Promise<Services> {
  return progress.step("services", async (say) => {
    const settings = { newKeySeconds, envSeconds, deployed: await deployedBy(world) };
    const services = await ensureServices(world, { engine, python, plugins: parts.imitated, settings });
    // Should this command be killed, nobody else would end them.
    if (services.started && !keep) await services.hold(process.pid);
    say.note(`AWS, Seqera Platform, 1Password, GitHub${services.started ? "" : ", running already"}`);
    return services;
  });
}

/** Seconds since then, to the millisecond. */
export function since(begun: number): number {
  return (Date.now() - begun) / 1000;
}
