/** `--wait`: asking for the status until it is there. */
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../errors.ts";
import type { PlatformApi } from "../platform-api.ts";
import { describeComputeEnv } from "./find.ts";

/** All statuses, in the order that decides whether one is past another. */
export const STATUSES = [
  "CREATING",
  "AVAILABLE",
  "DISABLED",
  "DELETING",
  "ERRORED",
  "INVALID",
  "DELETED",
] as const;

/** How long to wait and what to say meanwhile. */
export interface Wait {
  target: string;
  /** Statuses nothing follows. */
  final: readonly string[];
  /** Undefined: say nothing (JSON output). */
  progress: ((text: string) => void) | undefined;
}

/**
 * Asks after 2, 3, 4 … seconds (120 at most), without an overall limit.
 * @returns exit code: 0 only in the target status; 1 past it, in another final one, and after a poll the Platform refused
 */
export async function waitFor(
  api: PlatformApi,
  workspaceId: number | undefined,
  id: string,
  { target, final, progress = () => {} }: Wait,
): Promise<number> {
  const place = (status: string | undefined) => {
    const index = (STATUSES as readonly (string | undefined)[]).indexOf(status);
    return index < 0 ? STATUSES.length : index;
  };
  progress(`  Waiting ${target} status...`);
  let reported: string | undefined;
  for (let seconds = 2; ; seconds = Math.min(seconds + 1, 120)) {
    await sleep(seconds * 1000);
    const status = await statusOf(api, workspaceId, id);
    progress(`.${status === reported ? "" : status}`);
    reported = status;
    if (place(status) < place(target) && !final.includes(status ?? "")) continue;
    const reached = place(status) === place(target);
    progress(reached ? "  [DONE]\n\n" : "  [ERROR]\n\n");
    return reached ? 0 : 1;
  }
}

async function statusOf(
  api: PlatformApi,
  workspaceId: number | undefined,
  id: string,
): Promise<string | undefined> {
  try {
    return (await describeComputeEnv(api, workspaceId, id)).status;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
