/** One worker's world, and the states in which the parts begin. */
import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Call } from "../../sandbox/services/faults.ts";
import type { FleetSnapshot } from "../../sandbox/services/fleet.ts";
import { startGrounds, type Grounds } from "../e2e/grounds.ts";
import { makeDeployer, type Deployment } from "./deploy.ts";
import { makeMend, type Mend } from "./mend.ts";
import { changedFiles, ownFiles, PARTS, type PartName, settingsOf } from "./part.ts";

/** A world that can be put back. */
export interface Stage extends Grounds {
  /** Puts everything to where the part begins, and lets work run with the part's settings. */
  at<T>(part: PartName, work: () => Promise<T>): Promise<T>;
  up(): Promise<Deployment>;
  mend: Mend;
  /** The deployment's calls behind the one with this number. */
  callsSince(n: number): Call[];
}

interface Base {
  snapshot: FleetSnapshot;
  /** A copy of the folder with the stack's state. */
  state: string;
}

/** Starts one. */
export async function openStage(): Promise<Stage> {
  const grounds = await startGrounds({ newKeySeconds: 0.3, envSeconds: 0, proberMilliseconds: 300 });
  const { fleet, world, prober, faults, temporary, withConfig } = grounds;
  const deployer = makeDeployer(grounds);
  const changed = join(world.folder, "changed");

  const save = async (name: string): Promise<Base> => {
    const state = join(world.folder, `base-${name}`);
    await cp(world.state, state, { recursive: true });
    return { snapshot: await fleet.snapshot(), state };
  };
  const restore = async ({ snapshot, state }: Base) =>
    prober.rest(async () => {
      faults.clear();
      await fleet.restore(snapshot);
      await rm(world.state, { recursive: true });
      await cp(state, world.state, { recursive: true });
      for (const name of await readdir(temporary)) await rm(join(temporary, name), { recursive: true });
      prober.reset();
    });

  const empty = await save("empty");
  const bases = new Map<PartName, Base>();
  const baseOf = async (name: PartName) => {
    const base = bases.get(name) ?? (await makeBase(name));
    bases.set(name, base);
    return base;
  };
  const makeBase = async (name: PartName): Promise<Base> => {
    const part = PARTS[name];
    if (!part.deployed) return empty;
    await restore(empty);
    const { end, text } = await withConfig(settingsOf(ownFiles(part)), deployer.up);
    if (end !== "ok") throw new Error(`The deployment before the part ${name} has ${end}:\n${text}`);
    return save(name);
  };
  return {
    ...grounds,
    up: deployer.up,
    mend: makeMend(grounds),
    callsSince: (since) => faults.calls.filter(({ n, by }) => n > since && by === undefined),
    at: async (name, work) => {
      await restore(await baseOf(name));
      const part = PARTS[name];
      const files = part.changed ? await changedFiles(part, changed) : ownFiles(part);
      return withConfig(settingsOf(files), work);
    },
    close: async () => {
      await deployer.close();
      await grounds.close();
    },
  };
}
