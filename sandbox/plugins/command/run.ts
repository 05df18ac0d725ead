/** Runs one command of a `local.Command` as the real plugin does, its error texts included. */
import { execa } from "execa";
import { text, type Props } from "../kit/values.ts";

/** What came out of a command, each without its last line end. */
export interface Output {
  stdout: string;
  stderr: string;
}

/** Where a running command's lines and its cancellation go. */
export interface Watch {
  log: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Runs `script` by the resource's interpreter, in its folder, with its environment over the plugin's own.
 *
 * @param inputs the resource's arguments
 * @param previous what the run before gave, for `PULUMI_COMMAND_STDOUT` and `PULUMI_COMMAND_STDERR`
 * @throws with the script and all it printed when it fails, as the real plugin does, whatever `logging` says
 */
export async function run(
  script: string,
  inputs: Props,
  previous: Partial<Output>,
  watch: Watch,
): Promise<Output> {
  const [program, ...options] = interpreter(inputs);
  const child = execa(program, [...options, script], {
    cwd: text(inputs, "dir"),
    env: {
      ...(inputs.environment as Record<string, string> | undefined),
      ...previousInEnvironment(inputs, previous),
    },
    ...(text(inputs, "stdin") ? { input: text(inputs, "stdin") } : { stdin: "ignore" as const }),
    all: true,
    reject: false,
    stripFinalNewline: false,
    cancelSignal: watch.signal,
    killSignal: "SIGKILL",
    detached: true,
  });
  // Which shells replace themselves by the command, and so die in its place, differs; what it has started dies here too.
  const killAll = () => void (child.pid && process.kill(-child.pid, "SIGKILL"));
  watch.signal.addEventListener("abort", killAll, { once: true });
  const shown = child[streamOf(inputs.logging) ?? "all"];
  if (inputs.logging !== "none") forwardLines(shown, watch.log);
  const result = await child.finally(() => watch.signal.removeEventListener("abort", killAll));
  if (result.failed)
    throw new Error(`${reasonOf(result)}: running ${JSON.stringify(script)}:\n${result.all ?? ""}`);
  return { stdout: result.stdout.replace(/\n$/, ""), stderr: result.stderr.replace(/\n$/, "") };
}

function interpreter(inputs: Props): [string, ...string[]] {
  const given = (inputs.interpreter ?? []) as string[];
  return given.length > 0 ? (given as [string, ...string[]]) : ["/bin/sh", "-c"];
}

function previousInEnvironment(inputs: Props, { stdout, stderr }: Partial<Output>): Record<string, string> {
  if (inputs.addPreviousOutputInEnv === false) return {};
  return {
    ...(stdout ? { PULUMI_COMMAND_STDOUT: stdout } : {}),
    ...(stderr ? { PULUMI_COMMAND_STDERR: stderr } : {}),
  };
}

function streamOf(logging: unknown): "stdout" | "stderr" | undefined {
  return logging === "stdout" || logging === "stderr" ? logging : undefined;
}

function forwardLines(stream: NodeJS.ReadableStream, log: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer | string) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(log);
  });
  stream.on("end", () => rest && log(rest));
}

/** The words of Go's os/exec. */
function reasonOf(result: { exitCode?: number; signal?: string; originalMessage?: string }): string {
  if (result.exitCode !== undefined) return `exit status ${result.exitCode}`;
  if (result.signal) return `signal: ${result.signal === "SIGKILL" ? "killed" : result.signal}`;
  return result.originalMessage ?? "could not be started";
}
