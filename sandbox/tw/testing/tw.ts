/** Runs the stand-in in this process. */
import { run } from "../run.ts";
import { type Answers, type Recorder, record } from "./recorder.ts";

/** What one run gave. */
export interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** One run with an environment of its own. */
export async function tw(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const outcome = { stdout: "", stderr: "" };
  const exitCode = await run(args, env, {
    out: (text) => (outcome.stdout += text),
    err: (text) => (outcome.stderr += text),
  });
  return { exitCode, ...outcome };
}

/** One run, with a token, against a recorder that is closed afterwards. */
export async function twAgainst(
  answers: Answers,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome & Pick<Recorder, "requests" | "lines">> {
  const recorder = await record(answers);
  try {
    const base = { TOWER_ACCESS_TOKEN: "token", TOWER_API_ENDPOINT: recorder.url };
    const outcome = await tw(["--insecure", ...args], { ...base, ...env });
    return { ...outcome, requests: recorder.requests, lines: recorder.lines };
  } finally {
    await recorder.close();
  }
}
