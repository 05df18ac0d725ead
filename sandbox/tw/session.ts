/** What a command works with, and what it hands back. */
import type { PlatformApi } from "./platform-api.ts";
import type { Workspaces } from "./workspace.ts";

/** The global options, with their defaults from the environment. */
export interface GlobalOptions {
  /** Undefined: no token anywhere, which is an error before the first request. Empty is sent as it is. */
  token: string | undefined;
  url: string;
  json: boolean;
  verbose: boolean;
  insecure: boolean;
}

/** One run of `tw`. */
export interface Session {
  options: GlobalOptions;
  api: PlatformApi;
  workspaces: Workspaces;
  /** Writes to standard output at once: the progress of a wait. */
  print: (text: string) => void;
}

/** What a command has to say. */
export interface Result {
  /** Printed with `-o json`; null properties are left out. */
  json: unknown;
  /** Printed without it, as it stands. */
  text: string;
  /** @default 0 */
  exitCode?: number;
  /** Runs after the output was printed and gives the exit code: `--wait`. @default none */
  afterwards?: () => Promise<number>;
}
