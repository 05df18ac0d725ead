/** `tw info`: is the Platform there, new enough, and the token good. */
import { ApiError, TowerError } from "./errors.ts";
import { table } from "./output.ts";
import type { CommandSpec } from "./parser/spec.ts";
import { VERSION } from "./platform-api.ts";
import type { Result, Session } from "./session.ts";

/** Oldest API version 0.38 is content with. */
const MINIMUM_API = "1.198.0";

/** 1 good, 0 bad, -1 not known. */
type Check = 1 | 0 | -1;

interface ServiceInfo {
  serviceInfo?: { version?: string; apiVersion?: string };
}

/** `tw info` */
export const INFO: CommandSpec = {
  name: "info",
  description: "Show system info and health status.",
  run: info,
};

async function info({ api, options }: Session): Promise<Result> {
  let connection: Check = 1;
  let version: Check = -1;
  let credentials: Check = -1;
  let service: ServiceInfo["serviceInfo"];
  let userName: string | undefined;
  try {
    service = (await api.get<ServiceInfo>("/service-info")).serviceInfo;
    if (service?.apiVersion !== undefined) version = atLeast(service.apiVersion, MINIMUM_API) ? 1 : 0;
  } catch (error) {
    if (error instanceof TowerError) throw error;
    connection = 0;
  }
  if (connection === 1) {
    try {
      userName = (await api.get<{ user: { userName: string } }>("/user-info")).user.userName;
      credentials = 1;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) credentials = 0;
    }
  }
  const opts = {
    cliVersion: `${VERSION} (stand-in)`,
    cliApiVersion: MINIMUM_API,
    towerApiVersion: service?.apiVersion,
    towerVersion: service?.version,
    towerApiEndpoint: options.url,
    userName,
  };
  const checks = { connectionCheck: connection, versionCheck: version, credentialsCheck: credentials };
  const exitCode = connection + version + credentials === 3 ? 0 : 1;
  return { json: { ...checks, opts }, text: text(checks, opts), exitCode };
}

function text(
  checks: Record<"connectionCheck" | "versionCheck" | "credentialsCheck", Check>,
  opts: Record<string, string | undefined>,
): string {
  const said = (check: Check) => (check === 1 ? "OK" : check === 0 ? "FAILED" : "UNDEFINED");
  const details = [
    ["Tower API endpoint", opts.towerApiEndpoint],
    ["Tower API version", opts.towerApiVersion],
    ["Tower version", opts.towerVersion],
    ["CLI version", opts.cliVersion],
    ["CLI minimum API version", opts.cliApiVersion],
    ["Authenticated user", opts.userName],
  ].map(([name = "", value]) => [name, value ?? "UNDEFINED"]);
  const health = [
    ["Remote API server connection check", said(checks.connectionCheck)],
    ["Tower API version check", said(checks.versionCheck)],
    ["Authentication API credential's token", said(checks.credentialsCheck)],
  ];
  const notes = [
    checks.connectionCheck === 0 && `Tower API URL ${opts.towerApiEndpoint} it is not available`,
    checks.versionCheck === 0 &&
      `Tower API version is ${opts.towerApiVersion} while the minimum required version to be fully compatible is ${MINIMUM_API}`,
    checks.credentialsCheck === 0 && "Review that your current access token is valid and active.",
  ].filter((note) => note !== false);
  return [
    "\n    Details",
    table(details),
    "\n    System health status",
    table(health),
    ...notes.map((note) => `\n    ${note}\n`),
    "\n",
  ].join("\n");
}

function atLeast(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, "en", { numeric: true }) >= 0;
}
