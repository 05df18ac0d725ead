/** The program: its global options, which stand before the command, and its commands. */
import { COMPUTE_ENVS } from "./compute-envs/commands.ts";
import { CREDENTIALS } from "./credentials/commands.ts";
import { INFO } from "./info.ts";
import type { CommandSpec } from "./parser/spec.ts";
import { WORKSPACES } from "./workspaces.ts";

/** The API the real program talks to when it is told no other. */
export const DEFAULT_URL = "https://api.cloud.seqera.io";

/** `tw` itself. */
export const PROGRAM: CommandSpec = {
  name: "tw",
  description: "Seqera Platform CLI (stand-in).",
  options: [
    {
      names: ["-t", "--access-token"],
      label: "token",
      variable: "TOWER_ACCESS_TOKEN",
      description: "Personal access token (TOWER_ACCESS_TOKEN).",
    },
    {
      names: ["-u", "--url"],
      label: "url",
      variable: "TOWER_API_ENDPOINT",
      description: `API endpoint URL (TOWER_API_ENDPOINT) [default: ${DEFAULT_URL}].`,
    },
    {
      names: ["-o", "--output"],
      label: "output",
      type: ["console", "json"],
      variable: "TOWER_CLI_OUTPUT_FORMAT",
      description: "Output format; 'json' is the one that differs (TOWER_CLI_OUTPUT_FORMAT).",
    },
    {
      names: ["-v", "--verbose"],
      description: "Show HTTP requests and answers, bodies included, on stderr.",
    },
    { names: ["--insecure"], description: "Allow a server without TLS (not recommended)." },
  ],
  subcommands: [COMPUTE_ENVS, CREDENTIALS, INFO, WORKSPACES],
};
