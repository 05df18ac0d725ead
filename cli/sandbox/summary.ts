/** Tables for people. */
import Table from "cli-table3";
import type { UpDocument } from "./document.ts";

type Holdings = Pick<UpDocument, "aws" | "platform" | "github" | "prober">;

/** What the services hold, as tables. */
export function holdingsTable({ aws, platform, github, prober }: Holdings): string {
  const variableOf = (id: string) =>
    Object.entries(github.variables).find(([, value]) => value === id)?.[0] ?? "not published";
  const { credentials } = platform;
  const where = table(
    ["where", "what", "state"],
    [
      ["AWS", whoOf(aws), aws.policies.join("\n") || "no policies"],
      ...aws.keys.map(({ id, status }) => ["", `access key ${id}`, status]),
      credentials
        ? [
            "Seqera Platform",
            `credentials ${credentials.name} (${credentials.id})`,
            `${credentials.status}\n${credentials.roleArn === null ? `key ${credentials.accessKeyId}` : "assume the role"}`,
          ]
        : ["Seqera Platform", "no credentials", ""],
      ["GitHub", "variables", Object.keys(github.variables).join("\n") || "none"],
      ["", "secrets", github.secrets.join("\n") || "none"],
      ["prober", `${prober.calls} calls with what the Platform holds`, `${prober.refused} refused`],
    ],
  );
  const envs = table(
    ["compute environment", "id", "state", "GitHub variable"],
    platform.computeEnvs.map(({ id, name, status, primary }) => [
      ...[name, id, primary ? `${status}, primary` : status, variableOf(id)],
    ]),
  );
  return platform.computeEnvs.length > 0 ? `${where}\n${envs}` : where;
}

function whoOf({ user, role }: Holdings["aws"]): string {
  if (user !== null) return `user ${user}`;
  return role === null ? "no user" : `role ${role}`;
}

/** Which parts are real, and the seconds each part took. */
export function circumstancesText({
  engine,
  real,
  standIns,
  seconds,
}: Pick<UpDocument, "engine" | "real" | "standIns" | "seconds">): string {
  const took = Object.entries(seconds).map(([part, value]) => `${part} ${value.toFixed(1)}`);
  return [
    `engine    pulumi ${engine.version} (${engine.source})`,
    `real      ${real.join(", ")}`,
    `stand-in  ${[...standIns, "Seqera Platform", "1Password", "GitHub"].join(", ")}`,
    `seconds   ${took.join(", ")}`,
  ].join("\n");
}

function table(head: string[], rows: string[][]): string {
  // Colours of its own would not ask whether this is a terminal.
  const made = new Table({ head, style: { head: [], border: [] } });
  made.push(...rows);
  return made.toString();
}
