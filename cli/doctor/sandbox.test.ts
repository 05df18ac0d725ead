import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openWorld, prepareWorld } from "../../sandbox/world.ts";
import { temporaryFolder } from "../../sandbox/tw/testing/temporary-folder.ts";
import { isSandbox } from "./sandbox.ts";

const { folder } = temporaryFolder();

it("knows a sandbox's project by what lies beside it, and takes no other folder for one", async () => {
  const world = openWorld(join(folder, "world"));
  await prepareWorld(world);
  const [sandbox, clone] = [join(folder, "sandbox"), join(folder, "clone")];
  symlinkSync(world.project, sandbox);
  symlinkSync(world.root, clone);
  for (const path of [world.project, `${world.project}/`, sandbox]) expect(isSandbox(path), path).toBe(true);
  const namesake = join(folder, "other/project");
  mkdirSync(namesake, { recursive: true });
  for (const path of [namesake, world.root, clone, world.folder, world.state, "/nowhere"])
    expect(isSandbox(path), path).toBe(false);
});
