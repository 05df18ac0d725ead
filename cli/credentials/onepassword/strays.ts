import { Fault } from "../../../fault.ts";

const CLASHING: Record<string, string[]> = {
  "service-account": ["OP_ACCOUNT", "OP_CONNECT_HOST", "OP_CONNECT_TOKEN"],
  connect: ["OP_ACCOUNT", "OP_SERVICE_ACCOUNT_TOKEN"],
};

/**
 * 1Password's provider takes these in whatever its arguments are, and then refuses both together.
 * @throws Fault naming those that are set; values are not shown
 */
export function refuseStrays(way: string, env: NodeJS.ProcessEnv = process.env): void {
  const set = (CLASHING[way] ?? []).filter((name) => env[name]);
  if (set.length === 0) return;
  throw new Fault("Environment variables of another way to 1Password are set.", {
    got: set.join(", "),
    allowed: "neither of them: the provider would take them in, and refuse both ways together",
    mend: `unset ${set.join(" ")}`,
  });
}
