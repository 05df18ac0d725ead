import { execa, ExecaError } from "execa";
import pRetry from "p-retry";
import { Fault } from "./fault.ts";
import { callSecondsOf, type PlatformAddress } from "./request.ts";

/**
 * Neither tool has a time limit of its own. `tw` makes some four calls, one after the other; a limit of as many times
 * `callSeconds` is reached only where one of them hangs.
 */
const CALLS = 4;

/**
 * The Platform allows a token 20 calls a second, all of an organization's steps together, and neither tool waits by
 * itself. What is asked of them is safe to repeat: updates and deletions by id, and `on_exists: ignore`.
 */
const RATE_LIMITED = /rate limit|too many requests|\b429\b/i;
/** No answer, or one that does not refuse: `tw` tells no status, so it goes by the words of the Platform and of what stands before it. */
const UNWELL =
  /connection error|unable to process request|internal server error|bad gateway|service (temporarily )?unavailable|gateway time-?out|\bHTTP 5\d\d\b/i;
const BACK_OFF = { retries: 6, minTimeout: 500, maxTimeout: 10_000, randomize: true };
/** How often what finds the Platform unwell is repeated: a deployment that fails can be run again. */
const REPEATS_WHEN_UNWELL = 2;

/** Runs Seqera's two command line tools for one workspace. */
export interface Tools {
  /** Runs `tw ARGS` against the workspace and gives what it printed. Arguments hold no secret: those go by `@file`. */
  tw(args: string[]): Promise<string>;
  /** Runs `seqerakit FILE` in a folder, with more variables for the file to use. */
  seqerakit(folder: string, file: string, variables: Record<string, string>): Promise<string>;
}

/** @param redact is applied to all that the tools print */
export function makeTools(address: PlatformAddress, token: string, redact: (text: string) => string): Tools {
  const { endpoint, organization, workspace } = address;
  const limitSeconds = CALLS * callSecondsOf(address);
  // `tw` refuses http without it; https is checked all the same.
  const insecure = endpoint.startsWith("http://") ? ["--insecure"] : [];
  const environment = {
    TOWER_API_ENDPOINT: endpoint,
    TOWER_ACCESS_TOKEN: token,
    TOWER_WORKSPACE_ID: `${organization}/${workspace}`,
    TOWER_CLI_OUTPUT_FORMAT: undefined,
    // The new key is for the file alone.
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
  };
  const run = async (
    program: string,
    args: string[],
    options: { cwd?: string; env?: Record<string, string> } = {},
  ) => {
    try {
      const { stdout } = await execa(program, args, {
        cwd: options.cwd,
        env: { ...environment, ...options.env },
        stdin: "ignore",
        timeout: limitSeconds * 1000,
        forceKillAfterDelay: 5000,
      });
      return redact(stdout);
    } catch (reason) {
      throw failure(program, args, limitSeconds, reason, redact);
    }
  };
  const patiently: typeof run = (...call) =>
    pRetry(() => run(...call), {
      ...BACK_OFF,
      shouldRetry: ({ error, attemptNumber }) =>
        RATE_LIMITED.test(error.message) ||
        (UNWELL.test(error.message) && attemptNumber <= REPEATS_WHEN_UNWELL),
    });
  return {
    tw: (args) => patiently("tw", [...insecure, ...args]),
    seqerakit: (cwd, file, variables) =>
      patiently("seqerakit", [...insecure.map((flag) => `--cli=${flag}`), file], {
        cwd,
        env: { TOWER_ORGANIZATION: organization, TOWER_WORKSPACE: workspace, ...variables },
      }),
  };
}

function failure(
  program: string,
  args: string[],
  limitSeconds: number,
  reason: unknown,
  redact: (text: string) => string,
): Error {
  if (!(reason instanceof ExecaError)) return reason as Error;
  if (reason.code === "ENOENT")
    return new Fault(`${program} is not on PATH.`, {
      allowed: "tw 0.38 and seqerakit 0.5.7",
      mend:
        program === "tw"
          ? "install tw from https://github.com/seqeralabs/tower-cli/releases"
          : "pip install seqerakit==0.5.7",
    });
  const said = redact(`${reason.stderr ?? ""}\n${reason.stdout ?? ""}`).trim();
  return new Fault(
    reason.timedOut
      ? `${program} gave no answer within ${limitSeconds} seconds.`
      : `${program} failed with exit code ${reason.exitCode ?? reason.signal}.`,
    { ran: redact([program, ...args].join(" ")), got: said || "no output", mend: "pulumi up" },
  );
}
