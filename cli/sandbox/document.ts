/** The one JSON document that `--json` prints. */
import type { Inspection } from "../../sandbox/services/inspect.ts";
import type { Status } from "../../sandbox/services/control.ts";
import type { Seconds, Session } from "./session.ts";
import type { Expected } from "./verify.ts";

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
  aws: {
    /** The user that Seqera Platform works as. @default null: it assumes a role */
    user: string | null;
    role: string | null;
    /** Names of the policies attached to either. */
    policies: string[];
    keys: { id: string; status: string }[];
  };
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
export function holdings(
  status: Status,
  { userName, roleName, credentialsName }: Pick<Expected, "userName" | "roleName" | "credentialsName">,
) {
  const user = status.aws.users.find(({ name }) => name === userName);
  const role = status.aws.roles.find(({ name }) => name === roleName);
  const credentials = status.platform.credentials.find(({ name }) => name === credentialsName);
  return {
    aws: {
      ...{ user: user?.name ?? null, role: role?.name ?? null },
      ...{ policies: (user ?? role)?.policies ?? [], keys: user?.keys ?? [] },
    },
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
