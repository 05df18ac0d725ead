import { afterAll, beforeAll, expect, it } from "vitest";
import { startForgeWorld, type ForgeWorld } from "./world-for-tests.ts";

let world: ForgeWorld;
beforeAll(async () => void (world = await startForgeWorld()), 180_000);
afterAll(() => world.close());

it("forges", async () => {
  for (let i = 0; i < 3; i++) {
    world.asked();
    let at = performance.now();
    const id = await world.add(`cpu${i}`, { fargateHeadEnabled: true, efsCreate: i === 2 });
    const env = await world.until(id, "AVAILABLE");
    console.log((performance.now() - at).toFixed(0), JSON.stringify(env.config), world.asked());
    console.log(await world.left());
    at = performance.now();
    await world.call("DELETE", `/compute-envs/${id}`);
    await world.until(id, "DELETED");
    console.log((performance.now() - at).toFixed(0), world.asked());
    expect(await world.left()).toEqual([]);
  }
}, 60_000);
