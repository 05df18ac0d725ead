import { Fault } from "./fault.ts";
import { isRetired } from "./names.ts";
import type { Workspace } from "./platform.ts";
import { callSecondsOf, type ReleaseRequest } from "./request.ts";
import { proveCredentials } from "./validate.ts";

/** What credentials can hold, and what is said while some do. */
const KINDS = {
  key: {
    what: "access key",
    property: "accessKey",
    stays: "The access key stays: Seqera Platform would be left with a dead one.",
    allowed: "a key that no credentials on the Platform hold",
    mend: "pulumi up, which hands the Platform the new key first",
  },
  role: {
    what: "role",
    property: "assumeRoleArn",
    stays: "The role stays: Seqera Platform would be left without it.",
    allowed: "a role that no credentials on the Platform assume",
    mend: "pulumi up, which has the Platform work by what comes in its place first",
  },
} as const;

/**
 * Proves that no credentials of the workspace hold the access key, or assume the role, and that the stack's own, where
 * there are any, work without it, and all that depends on them: it may then be deleted in AWS.
 */
export async function release(
  { held, credentialsName, platform, pollMilliseconds }: ReleaseRequest,
  workspace: Workspace,
): Promise<void> {
  const byRole = "roleArn" in held;
  const id = byRole ? held.roleArn : held.accessKeyId;
  const { what, property, stays, allowed, mend } = KINDS[byRole ? "role" : "key"];
  const all = await workspace.credentials();
  const holders = all.filter(({ keys }) => keys?.[property] === id);
  if (holders.length > 0)
    throw new Fault(stays, {
      got: holders.map((each) => `${id} in ${each.name} (${each.id})`).join(", "),
      allowed,
      mend: `${mend}; to remove all: ${holders.map((each) => `tw credentials delete -i ${each.id}`).join("; ")}`,
    });

  const own = all.filter(({ name, provider }) => name === credentialsName && provider === "aws");
  const patience = { limitSeconds: callSecondsOf(platform), pollMilliseconds };
  for (const credentials of own)
    await proveCredentials(
      workspace,
      credentials.id,
      patience,
      `The ${what} ${id} stays: the credentials ${credentials.id} on Seqera Platform do not work without it.`,
    );
  const invalid = (await workspace.computeEnvs()).filter(
    (env) => env.status === "INVALID" && own.some((each) => each.id === env.credentialsId) && !isRetired(env),
  );
  if (invalid.length > 0)
    throw new Fault(
      `The ${what} ${id} stays: compute environments on Seqera Platform do not work without it.`,
      {
        got: invalid
          .map((env) => `${env.name} (${env.id}) INVALID${env.message ? `: ${env.message}` : ""}`)
          .join(", "),
        allowed: "AVAILABLE",
        mend: "pulumi up, which has the Platform try them again",
      },
    );
}
