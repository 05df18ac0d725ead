/** The process behind `watchArgv`: tells its parent that it looks, then, asked to end, all it has seen. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** Node, Python and Java, which all the programs with secrets are written in, take longer than this to start. */
const PAUSE_MS = 25;

const seen = new Set<string>();
let ending = false;
process.once("message", () => (ending = true));
// Without a parent there is nobody to tell.
process.once("disconnect", () => process.exit());

const look = existsSync("/proc/self/cmdline") ? lookIntoProc : askPs;
await look();
process.send?.("looking");
while (!ending) {
  await look();
  await sleep(PAUSE_MS);
}
process.send?.([...seen], () => process.disconnect());

async function lookIntoProc(): Promise<void> {
  for (const pid of readdirSync("/proc"))
    if (/^\d+$/.test(pid))
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trimEnd());
      } catch {
        // It has ended meanwhile.
      }
}

/** Where there is no /proc, on macOS. */
async function askPs(): Promise<void> {
  const { stdout } = await promisify(execFile)("ps", ["-Aww", "-o", "args="], { maxBuffer: 2 ** 26 });
  for (const line of stdout.split("\n")) seen.add(line);
}
