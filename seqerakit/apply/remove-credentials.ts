import { Fault } from "./fault.ts";
import type { CredentialsContext } from "./own-credentials.ts";
import type { RemovalLimits } from "./remove-compute-env.ts";
import { sweepRetired } from "./retired.ts";

/**
 * Removes the credentials, unless a compute environment still works by them. What they hold or assume is deleted in AWS
 * only afterwards.
 */
export async function removeCredentials(
  limits: RemovalLimits,
  { workspace, tools, formerId }: CredentialsContext,
): Promise<void> {
  const there = async () => (await workspace.credentials()).some(({ id }) => id === formerId);
  if (formerId === undefined || !(await there())) return;
  const left = await sweepRetired(limits, { workspace, tools }, [formerId]);
  const users = (await workspace.computeEnvs()).filter(({ credentialsId }) => credentialsId === formerId);
  if (users.length > 0)
    throw new Fault(
      "The credentials are still used by compute environments, so they stay, and their key or role with them.",
      {
        got: users
          .map(({ id, name }) => `${name} (${id})${left[name] ? `: ${left[name].because}` : ""}`)
          .join(", "),
        mend: users.every(({ name }) => left[name])
          ? "wait until the runs have ended, or: tw runs cancel -i ID; then again: pulumi up, or pulumi destroy --run-program"
          : "delete these on Seqera Platform, or give them other credentials; then again: pulumi up, or pulumi destroy --run-program",
      },
    );
  try {
    await tools.tw(["credentials", "delete", "-i", formerId]);
  } catch (reason) {
    // The answer to a former try was lost.
    if (await there()) throw reason;
  }
}
