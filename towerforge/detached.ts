import type { Iam } from "./iam.ts";

/**
 * Which of the three policies somebody has detached by hand. The state does not notice.
 * @returns the end of each missing policy's name, e.g. `Launch`
 */
export async function detached(user: string, iam: Iam): Promise<string[]> {
  const attached = (await iam.attachedPolicies(user)) ?? [];
  return ["Forge", "Launch", "S3"].filter(
    (part) => !attached.some((name) => name.endsWith(`-${part}-Policy`)),
  );
}

/** @throws Error while one is missing: the Platform cannot do its work with the key then */
export async function proveAttached(user: string, iam: Iam): Promise<void> {
  const missing = await detached(user, iam);
  if (missing.length === 0) return;
  throw new Error(
    [
      `Policies were detached from the IAM user ${user} by hand, so Seqera Platform cannot do its work with the key.`,
      `  got:     without ${missing.join(", ")}`,
      `  allowed: Forge, Launch and S3, as a deployment attaches them`,
      `  mend:    pulumi refresh --run-program --yes, which tells the state; then: pulumi up`,
    ].join("\n"),
  );
}
