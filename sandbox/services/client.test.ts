import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ensurePython } from "../toolchain/python.ts";
import { openWorld, type World } from "../world.ts";
import { isAlive } from "./alive.ts";
import { ensureServices, findServices, stopServices, type Services } from "./client.ts";

/** Nothing here deploys: the engine is only a name. */
const engine = { path: "/nowhere/bin/pulumi", version: "0.0.0", source: "PATH" as const };

let world: World;
beforeEach(async () => {
  world = openWorld(await mkdtemp(join(tmpdir(), "services-")));
});
afterEach(async () => {
  await stopServices(world);
  await rm(world.folder, { recursive: true });
});

async function start(): Promise<Services> {
  return ensureServices(world, { engine, python: await ensurePython(), plugins: ["github"], settings: {} });
}

/** Process ids of everything that runs below this one. */
async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=,ppid="]);
  const pairs = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid);
}

const SLOW = 90_000;

test(
  "services are found again, keep their ports, tokens and state over a restart, and leave nothing behind",
  { timeout: SLOW },
  async () => {
    const first = await start();
    expect(first.started).toBe(true);
    const again = await start();
    expect([again.started, again.pid, again.plugins]).toEqual([false, first.pid, first.plugins]);
    expect(await again.needPlugins(["github", "command"])).toMatchObject({
      ...first.plugins,
      command: expect.any(Number) as number,
    });

    const secrets = await first.secrets();
    expect((await first.status()).aws).toEqual({ users: [], roles: [], policies: [], bucket: true });
    const variables = `${first.urls.github}/api/v3/orgs/nf-core/actions/variables`;
    const headers = { authorization: `Bearer ${secrets.githubToken}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "KEPT", value: "here", visibility: "all" });
    expect((await fetch(variables, { method: "POST", headers, body })).status).toBe(201);

    const processes = [first.pid, ...(await descendants(first.pid))];
    expect(processes.length).toBeGreaterThan(3);
    expect(await stopServices(world)).toBe(true);
    await vi.waitFor(() => expect(processes.filter(isAlive)).toEqual([]), 10_000);
    expect(await findServices(world)).toBeUndefined();
    expect(await stopServices(world)).toBe(false);
    const left = [world.snapshot, world.services].map((file) => readFile(file, "latin1"));
    for (const text of await Promise.all(left))
      for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);

    const second = await start();
    expect(second.urls).toEqual(first.urls);
    expect(await second.secrets()).toEqual(secrets);
    expect((await second.status()).github.variables).toEqual({ KEPT: "here" });
  },
);

test(
  "killed services take their processes along, and the next start needs no help",
  { timeout: SLOW },
  async () => {
    const { pid } = await start();
    const processes = await descendants(pid);
    process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(processes.filter(isAlive)).toEqual([]), 10_000);
    expect((await start()).started).toBe(true);
  },
);

test("services end when the command that holds them is gone", { timeout: SLOW }, async () => {
  const services = await start();
  const command = execa("sleep", ["100"], { reject: false });
  await services.hold(command.pid ?? 0);
  await services.hold(null);
  await services.hold(command.pid ?? 0);
  command.kill("SIGKILL");
  await command;
  await vi.waitFor(() => expect(isAlive(services.pid)).toBe(false), 20_000);
});

test("a daemon that cannot start says why", async () => {
  const python = { python: "/nowhere/python", bin: "/nowhere" };
  const failing = ensureServices(world, { engine, python, plugins: [], settings: {} });
  await expect(failing).rejects.toThrow(
    /The services did not start: moto did not start with \/nowhere\/python/,
  );
});
