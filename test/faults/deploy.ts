/** Deploys in a process group of its own, which a fault can kill; a new one takes its place then. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withoutAccounts } from "../../sandbox/environment.ts";
import type { Grounds } from "../e2e/grounds.ts";
import type { Deployed } from "./deployer.ts";

/** How a deployment ended. */
export interface Deployment {
  end: "ok" | "failed" | "killed" | "hung";
  /** All that was said. */
  text: string;
}

/** Deploys one stack, again and again. */
export interface Deployer {
  up(): Promise<Deployment>;
  close(): Promise<void>;
}

/** No deployment of the matrix takes a quarter of this, retries and all. */
const LIMIT_MILLISECONDS = 120_000;

/** A deployer for a stack that exists. */
export function makeDeployer({ world, env, temporary, faults }: Grounds): Deployer {
  let process: Started | undefined;
  return {
    up: async () => {
      process ??= start(world.project, world.root, { ...env, TMPDIR: temporary });
      const { child, text, ready } = process;
      await ready;
      faults.engine = child.pid;
      const begun = text().length;
      child.send("up");
      const [word] = (await Promise.race([
        once(child, "message"),
        process.ended.then(() => [undefined]),
        sleep(LIMIT_MILLISECONDS, ["hung"], { ref: false }),
      ])) as [Deployed | "hung" | undefined];
      faults.engine = undefined;
      if (typeof word === "object") return { end: word.ok ? "ok" : "failed", text: text().slice(begun) };
      await end(process);
      process = undefined;
      return { end: word ?? "killed", text: text().slice(begun) };
    },
    close: async () => {
      if (process) await end(process);
    },
  };
}

interface Started {
  child: ChildProcess;
  ready: Promise<unknown>;
  /** Its output is complete, too. */
  ended: Promise<unknown>;
  text(): string;
}

function start(project: string, cwd: string, variables: Record<string, string>): Started {
  const child = fork(join(import.meta.dirname, "deployer.ts"), [project], {
    ...{ cwd, env: { ...withoutAccounts(), ...variables }, execArgv: [], detached: true },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  const ended = once(child, "close");
  const early = ended.then(() => Promise.reject(new Error(`The deployer did not start:\n${said}`)));
  // Awaited only until the first word.
  early.catch(() => undefined);
  return { child, ended, ready: Promise.race([once(child, "message"), early]), text: () => said };
}

async function end({ child, ended }: Started): Promise<void> {
  try {
    globalThis.process.kill(-(child.pid ?? Number.NaN), "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
  await ended;
}
