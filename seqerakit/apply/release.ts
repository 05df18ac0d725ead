import { Fault } from "./fault.ts";
import { isRetired } from "./names.ts";
import type { Workspace } from "./platform.ts";
import { callSecondsOf, type ReleaseRequest } from "./request.ts";
import { proveCredentials } from "./validate.ts";

/**
 * Proves that no credentials of the workspace hold the access key, and that the stack's own, where there are any, work
 * without it, and all that depends on them: the key may then be deleted in AWS.
 */
export async function release(
  { accessKeyId, credentialsName, platform, pollMilliseconds }: ReleaseRequest,
  workspace: Workspace,
): Promise<void> {
  const all = await workspace.credentials();
  const holders = all.filter(({ keys }) => keys?.accessKey === accessKeyId);
  if (holders.length > 0)
    throw new Fault("The access key stays: Seqera Platform would be left with a dead one.", {
      got: holders.map(({ id, name }) => `${accessKeyId} in ${name} (${id})`).join(", "),
      allowed: "a key that no credentials on the Platform hold",
      mend: `pulumi up, which hands the Platform the new key first; to remove all: ${holders.map(({ id }) => `tw credentials delete -i ${id}`).join("; ")}`,
    });

  const own = all.filter(({ name, provider }) => name === credentialsName && provider === "aws");
  const patience = { limitSeconds: callSecondsOf(platform), pollMilliseconds };
  for (const { id } of own)
    await proveCredentials(
      workspace,
      id,
      patience,
      `The access key ${accessKeyId} stays: the credentials ${id} on Seqera Platform do not work without it.`,
    );
  const invalid = (await workspace.computeEnvs()).filter(
    (env) => env.status === "INVALID" && own.some(({ id }) => id === env.credentialsId) && !isRetired(env),
  );
  if (invalid.length > 0)
    throw new Fault(
      `The access key ${accessKeyId} stays: compute environments on Seqera Platform do not work without it.`,
      {
        got: invalid
          .map(({ id, name, message }) => `${name} (${id}) INVALID${message ? `: ${message}` : ""}`)
          .join(", "),
        allowed: "AVAILABLE",
        mend: "pulumi up, which has the Platform try them again",
      },
    );
}
