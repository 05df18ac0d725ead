/** One piece of Forge's work: for which compute environment, with which clients. */
import type { ForgeConfig } from "../bodies.ts";
import type { Clients } from "./clients.ts";
import type { Names } from "./names.ts";

/** What every step of Forge's is given. */
export interface Job extends Clients {
  names: Names;
  forge: ForgeConfig;
  /** Buckets that jobs may use: the file's and the work directory's. */
  buckets: string[];
  /** The compute environment's resource labels, and the name of all that is made. */
  tags: Record<string, string>;
}

/** Tags as IAM, EC2 and EFS take them. */
export function tagList({ tags }: Pick<Job, "tags">): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
