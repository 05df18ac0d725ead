/** What an operator runs once the engine was killed: `megatests recover --yes`. */
import { recover } from "../../cli/recover/recover.ts";
import { readSettings, type StackSettings } from "../../cli/stack/settings.ts";
import { STACK } from "../../sandbox/world.ts";
import type { Grounds } from "../e2e/grounds.ts";
import type { PartName } from "./part.ts";

/** Mends a stack's world after a kill. @returns what was said when it failed; undefined when all is mended */
export type Mend = (part: PartName) => Promise<string | undefined>;

/** Reads the settings of each part once: they are the same in all its cells, and reading them takes 2 seconds. */
export function makeMend({ world, env }: Grounds): Mend {
  const place = { folder: world.project, stack: STACK, env };
  const known = new Map<PartName, StackSettings>();
  return async (part) => {
    try {
      const settings = known.get(part) ?? (await readSettings(place));
      known.set(part, settings);
      await recover(place, { yes: true, settings });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
}
