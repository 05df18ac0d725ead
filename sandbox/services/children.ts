import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

/** A program that runs for the services, and ends with them. */
export interface Child {
  name: string;
  /** Its first line of output. */
  firstLine: string;
  stop(): Promise<void>;
}

/** How a program is started. */
export interface ChildOptions {
  cwd: string;
  /** Its whole environment. */
  env: NodeJS.ProcessEnv;
  /** File that gets what it prints on stderr, and on stdout behind the first line. */
  log: string;
}

const START_TIMEOUT_MS = 30_000;

/**
 * Runs its arguments and kills them once its own standard input ends, which it does however the services end: a child
 * outlives a parent that was killed, and nothing else would tell it. `read` is the shell's own, so no process is left.
 */
const WATCHDOG = `
exec 3<&0
"$@" 3<&- </dev/null & child=$!
(read -r end <&3; kill -9 $child) 2>/dev/null & watch=$!
trap 'kill $child' TERM
wait $child; status=$?
kill $watch 2>/dev/null
exit $status`;

/**
 * Starts a program that says on its first line that it is ready.
 * @throws Error with the end of what it printed, when it ends before that or says nothing for 30 s
 */
export async function startChild(
  name: string,
  command: string,
  args: string[],
  options: ChildOptions,
): Promise<Child> {
  const child = spawn("/bin/sh", ["-c", WATCHDOG, name, command, ...args], {
    cwd: options.cwd,
    env: options.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const log = createWriteStream(options.log, { flags: "a", mode: 0o600 });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => {
    printed = (printed + chunk.toString("utf8")).slice(-2_000);
    log.write(chunk);
  });
  const stop = async () => {
    child.stdin.end();
    await exited;
    log.end();
  };
  const firstLine = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) =>
      reject(new Error(`${name} ${why}; ${options.log} says:\n${printed.trim()}`));
    const timer = setTimeout(() => {
      fail(`said nothing within ${START_TIMEOUT_MS / 1000} s`);
      void stop();
    }, START_TIMEOUT_MS);
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => log.write(`${line}\n`));
    lines.once("line", (line) => {
      clearTimeout(timer);
      resolve(line);
    });
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      fail(`ended at once (${signal ?? `exit code ${code}`})`);
    });
  });
  return { name, firstLine, stop };
}
