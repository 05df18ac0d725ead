/** The engine, started so that a fault can kill it: in a process group of its own, which the services are told. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";

/** Tells the services which process group deploys now; null once none does. */
export type TellEngine = (pid: number | null) => Promise<void>;

/** What the Automation API asks of an engine; its types leave it out. */
interface Runner {
  run(
    args: string[],
    cwd: string,
    env: Record<string, string>,
    onOutput?: (data: string) => void,
    onError?: (data: string) => void,
    signal?: AbortSignal,
  ): Promise<{ stdout: string; stderr: string; code: number }>;
}

/** The engine begins when it reads a line: by then the services know it, so that its first call can be the one that kills it. */
const GATE = ["-c", 'read -r go && exec "$@"', "engine"];

/** @param pulumi - runs everything but deployments */
export function killableEngine(pulumi: PulumiCommand, tell: TellEngine): PulumiCommand {
  const { command, version } = pulumi;
  const run: Runner["run"] = async (args, cwd, env, onOutput, onError, signal) => {
    if (args[0] !== "up") return (pulumi as unknown as Runner).run(args, cwd, env, onOutput, onError, signal);
    const child = spawn("/bin/sh", [...GATE, command, ...args, "--non-interactive"], {
      ...{ cwd, env: { ...process.env, ...env, PULUMI_AUTOMATION_API: "true" } },
      ...{ detached: true, stdio: "pipe" },
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.on(
      "data",
      (data: Buffer) => ((said.stdout += data.toString()), onOutput?.(data.toString())),
    );
    child.stderr.on("data", (data: Buffer) => ((said.stderr += data.toString()), onError?.(data.toString())));
    const ended = once(child, "close") as Promise<[code: number | null, signal: string | null]>;
    const interrupt = () => void child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt);
    // A terminal's Ctrl-C does not reach another process group.
    if (process.stdin.isTTY) process.on("SIGINT", interrupt);
    try {
      await tell(child.pid ?? null);
      child.stdin.end("\n");
      const [code, killed] = await ended;
      if (code === 0) return { ...said, code };
      const why = killed === null ? "" : `\nerror: the engine was ended by ${killed}`;
      throw new Error(`code: ${code}\n stdout: ${said.stdout}\n stderr: ${said.stderr}${why}`);
    } finally {
      process.off("SIGINT", interrupt);
      child.stdin.destroy();
      await tell(null);
    }
  };
  return Object.assign({ command, version }, { run });
}
