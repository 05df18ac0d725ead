import type { Holder, Iam } from "./iam.ts";

/**
 * Which of the three policies somebody has detached by hand. The state does not notice.
 * @returns the end of each missing policy's name, e.g. `Launch`; undefined while there is no such user or role
 */
export async function detached(holder: Holder, iam: Iam): Promise<string[] | undefined> {
  const attached = await iam.attachedPolicies(holder);
  return (
    attached &&
    ["Forge", "Launch", "S3"].filter((part) => !attached.some((name) => name.endsWith(`-${part}-Policy`)))
  );
}

/** @throws Error while one is missing: the Platform cannot do its work then */
export async function proveAttached(holder: Holder, iam: Iam): Promise<void> {
  const missing = (await detached(holder, iam)) ?? [];
  if (missing.length === 0) return;
  const { kind, name } = holder;
  throw new Error(
    [
      `Policies were detached from the IAM ${kind} ${name} by hand, so Seqera Platform cannot do its work with the ${kind === "user" ? "key" : "role"}.`,
      `  got:     without ${missing.join(", ")}`,
      `  allowed: Forge, Launch and S3, as a deployment attaches them`,
      `  mend:    pulumi refresh --run-program --yes, which tells the state; then: pulumi up`,
    ].join("\n"),
  );
}
