/** Whether a project is a sandbox's: these are made, not cloned. */
import { existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { openWorld } from "../../sandbox/world.ts";

/** A sandbox keeps its project and its passphrase side by side; a clone's folder may have any name, or several. */
export function isSandbox(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const project = realpathSync(folder);
  const world = openWorld(dirname(project));
  return world.project === project && existsSync(world.passphrase);
}
