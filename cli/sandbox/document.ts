/** The one JSON document that `--json` prints. */
import type { Inspection } from "../../sandbox/services/inspect.ts";
import type { Status } from "../../sandbox/services/control.ts";
import type { Seconds, Session } from "./session.ts";

/** What `sandbox up --json` prints; nothing in it is secret. */
export interface UpDocument {
  engine: { version: string; source: string };
  /** Parts that are the real programs. */
  real: string[];
  /** Parts the sandbox imitates. */
  standIns: string[];
  seconds: Seconds;
  /** The stack's outputs. */
  outputs: Record<string, unknown>;
  aws: { user: string | null; policies: string[]; keys: { id: string; status: string }[] };
  platform: {
    credentials: Inspection["platform"]["credentials"][number] | null;
    computeEnvs: Inspection["platform"]["computeEnvs"];
  };
  github: Inspection["github"];
  prober: { calls: number; refused: number };
  /** With `--keep`: what one's own commands need; secrets as references to files. */
  environment?: Record<string, string>;
}

/** What the services hold of one stack. */
export function holdings(status: Status, userName: string, credentialsName: string) {
  const user = status.aws.users.find(({ name }) => name === userName);
  const credentials = status.platform.credentials.find(({ name }) => name === credentialsName);
  return {
    aws: { user: user?.name ?? null, policies: user?.policies ?? [], keys: user?.keys ?? [] },
    platform: { credentials: credentials ?? null, computeEnvs: status.platform.computeEnvs },
    github: status.github,
    prober: { calls: status.prober.calls, refused: status.prober.refused.length },
  };
}

/** What was used and how long it took. */
export function circumstances({ engine, parts, seconds }: Session) {
  return {
    engine: { version: engine.version, source: engine.source },
    ...{ real: parts.real, standIns: parts.standIns, seconds },
  };
}
