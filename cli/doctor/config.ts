/** The stack's settings and the files they name. */
import type { StackConfig } from "../../config.ts";
import { neededRights } from "../../seqerakit/index.ts";
import { withWholePaths } from "../stack/environments.ts";
import type { ShownConfig } from "../stack/config.ts";
import { type Checkup, need, pass, type Row } from "./row.ts";
import type { ReadSettings } from "./settings.ts";

const GROUP = "stack";

/** What the rows are about. */
export interface ConfigAround {
  shown: Row<ShownConfig>;
  read: Promise<ReadSettings>;
}

/** @returns the settings' row */
export function configRows(checkup: Checkup, { shown, read }: ConfigAround): Row<StackConfig> {
  const config = checkup.add(GROUP, "Config", async () => {
    const all = await need(shown);
    const settings = await (await read).config;
    return pass(`${Object.keys(all).length} settings, all valid`, settings);
  });
  checkup.add(GROUP, "Environment files", async () => {
    const settings = await need(config);
    neededRights(withWholePaths(settings));
    return pass(settings.computeEnvironments.join("\n"));
  });
  return config;
}
