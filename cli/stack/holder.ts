/** Whether whoever has taken a lock still works. */
import { execa } from "execa";
import { hostname } from "node:os";

/** Another machine's processes cannot be seen. */
export type Holder = "gone" | "running" | "elsewhere";

/** What a lock says of who took it. */
export interface Claim {
  pid: number;
  username: string;
  hostname: string;
  /** RFC 3339. */
  timestamp: string;
}

/** Asks this machine. */
export async function holderOf(claim: Claim): Promise<Holder> {
  if (claim.hostname !== hostname()) return "elsewhere";
  if (!exists(claim.pid)) return "gone";
  const args = ["-o", "stat=", "-o", "etime=", "-p", String(claim.pid)];
  const { stdout } = await execa("ps", args, { reject: false });
  // It may have ended while `ps` was started, which then says nothing.
  return exists(claim.pid) && works(String(stdout ?? ""), Date.parse(claim.timestamp), Date.now())
    ? "running"
    : "gone";
}

/** Also another user's. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** `ps` gives whole seconds. */
const CLOCK_MILLISECONDS = 2000;

/**
 * Whether the process that `ps` tells of may be the one that took the lock: not one that has ended and that nobody has
 * asked after, nor one that began later and has only got the same number. Where `ps` says nothing, it may.
 * @param ps state and elapsed time, `S [[days-]hours:]minutes:seconds`
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ps.html
 */
export function works(ps: string, lockedAt: number, now: number): boolean {
  const [, state, days = "0", hours = "0", minutes, seconds] =
    /^\s*(\S+)\s+(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)\s*$/.exec(ps) ?? [];
  if (state === undefined) return true;
  if (state.startsWith("Z")) return false;
  const elapsed = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return now - elapsed * 1000 <= lockedAt + CLOCK_MILLISECONDS;
}
