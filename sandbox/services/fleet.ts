/** The five imitated services of one world, started together and ended together. */
import { isDeepStrictEqual } from "node:util";
import type { AwsService } from "./aws/gateway.ts";
import { startAws } from "./aws/gateway.ts";
import type { FaultInjector } from "./faults.ts";
import { startGithub, type GithubService } from "./github/index.ts";
import { startOnePassword } from "./onepassword/index.ts";
import { startPlatform, type PlatformService } from "./platform/index.ts";
import type { Settings } from "./control.ts";
import { makeSeed, type Seed } from "./seed.ts";
import type { Service, ServiceName, ServiceOptions } from "./service.ts";
import { startSso, type SsoService } from "./sso/index.ts";

/** All services at one time; plain JSON, secrets included. */
export interface FleetSnapshot {
  seed: Seed;
  services: Partial<Record<ServiceName, unknown>>;
}

/** What the services are started with. */
export interface FleetOptions {
  faults: FaultInjector;
  /** Interpreter with moto. */
  python: string;
  /** Taken where they are free. @default free ones */
  ports: Partial<Record<ServiceName, number>>;
  /** @default a new world */
  saved?: FleetSnapshot;
  settings: Settings;
}

/** Services that run. */
export interface Fleet {
  seed: Seed;
  urls: Record<ServiceName, string>;
  aws: AwsService;
  platform: PlatformService;
  github: GithubService;
  sso: SsoService;
  apply(settings: Settings): Promise<void>;
  snapshot(): Promise<FleetSnapshot>;
  /**
   * Puts all services back to where a snapshot was taken; they go on listening.
   * @throws Error when the snapshot is of another world, whose tokens these services do not know
   */
  restore(snapshot: FleetSnapshot): Promise<void>;
  close(): Promise<void>;
}

/** @throws what a service throws that does not start; the others are ended */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { faults, ports, saved, settings, python } = options;
  const seed = saved?.seed ?? makeSeed();
  const given = (name: ServiceName): ServiceOptions => ({ saved: saved?.services[name], faults, seed });
  const started: Service[] = [];
  const start = async <T extends Service>(name: ServiceName, starter: (port: number) => Promise<T>) => {
    const service = await atPort(ports[name] ?? 0, starter);
    started.push(service);
    return service;
  };
  const close = async () => {
    // The Platform goes before AWS, which it asks.
    for (const service of started.splice(0).reverse()) await service.close();
  };

  const starting = [
    start("aws", (port) =>
      startAws({ ...given("aws"), python, port, newKeySeconds: settings.newKeySeconds }),
    ).then(async (aws) => {
      // The Platform reads its times at each use: a change of this object is a change of its mind.
      const { accessKeyId, secretAccessKey, sessionToken } = seed.seqera;
      const principal = { accessKeyId, secretAccessKey, sessionToken };
      const times = {
        aws: { endpoint: aws.url, principal },
        creationMilliseconds: milliseconds(settings.envSeconds),
      };
      const platform = await start("platform", (port) =>
        startPlatform(Object.assign(times, given("platform"), { port })),
      );
      const { assumeRole } = aws;
      const sso = await start("sso", (port) => startSso({ ...given("sso"), port, assumeRole }));
      return { aws, platform, sso, times };
    }),
    start("onepassword", (port) => startOnePassword({ ...given("onepassword"), port })),
    start("github", (port) => startGithub({ ...given("github"), port })),
  ] as const;
  try {
    const [{ aws, platform, sso, times }, onepassword, github] = await Promise.all(starting);
    const services = { aws, platform, onepassword, github, sso };
    if (settings.deployed !== undefined) await aws.limitDeployer(settings.deployed);
    return {
      ...{ seed, aws, platform, github, sso, close },
      urls: mapValues(services, ({ url }) => url),
      apply: async ({ newKeySeconds, envSeconds, erroredEnvs = {}, deployed }) => {
        if (newKeySeconds !== undefined) aws.setNewKeySeconds(newKeySeconds);
        if (envSeconds !== undefined) times.creationMilliseconds = milliseconds(envSeconds);
        if (deployed !== undefined) await aws.limitDeployer(deployed);
        for (const [name, reason] of Object.entries(erroredEnvs))
          platform.planComputeEnv(name, reason === null ? undefined : { erroredReason: reason });
      },
      snapshot: async () => {
        const each = Object.values(services).map(
          async (service) => [service.name, await service.snapshot()] as const,
        );
        return { seed, services: Object.fromEntries(await Promise.all(each)) };
      },
      restore: async (snapshot) => {
        if (!isDeepStrictEqual(snapshot.seed, seed))
          throw new Error("The snapshot is of another world: its services have other tokens than these");
        // What it makes in AWS now would be left over in the other world.
        await platform.rest();
        // The Platform last: its own work goes on at once, and asks AWS.
        for (const service of [aws, onepassword, github, sso, platform])
          await service.restore(snapshot.services[service.name]);
      },
    };
  } catch (error) {
    await Promise.allSettled(starting);
    await close();
    throw error;
  }
}

/** The ports of these addresses, by service. */
export function portsOf(urls: Record<ServiceName, string>): Record<ServiceName, number> {
  return mapValues(urls, (url) => Number(new URL(url).port));
}

/** The port of last time, or a free one when somebody else has it by now. */
async function atPort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return start(0);
  }
}

function mapValues<K extends string, V, W>(record: Record<K, V>, change: (value: V) => W): Record<K, W> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, change(value)])) as Record<
    K,
    W
  >;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
