import { strayVariables } from "../../../config.ts";
import { Fault } from "../../../fault.ts";

/** As the config will say how 1Password is reached. */
const REACHED: Record<string, Record<string, string>> = {
  "service-account": {},
  connect: { "pulumi-onepassword:connect_host": "" },
};

/**
 * 1Password's provider takes these in whatever its arguments are, and then refuses both together.
 * @param way `service-account` or `connect`
 * @throws Fault naming those that are set; values are not shown
 */
export function refuseStrays(way: string, env: NodeJS.ProcessEnv = process.env): void {
  const strays = strayVariables(REACHED[way] ?? {}, env);
  if (strays.length === 0) return;
  throw new Fault("Environment variables of another way to 1Password are set.", {
    got: strays.map(({ key }) => key).join(", "),
    allowed: "neither of them: the provider would take them in, and refuse both ways together",
    mend: strays.map(({ mend }) => mend).join("; "),
  });
}
