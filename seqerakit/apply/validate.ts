import { Fault } from "./fault.ts";
import { isRetired } from "./names.ts";
import type { PlatformComputeEnv, Validation, Workspace } from "./platform.ts";
import { type Patience, until } from "./wait.ts";

/**
 * Has the Platform try its credentials on AWS.
 * @param what the error's first line
 * @param mend its last
 * @throws Fault with the Platform's reason when they are not AVAILABLE
 */
export async function proveCredentials(
  workspace: Workspace,
  id: string,
  patience: Patience,
  what = `The credentials ${id} on Seqera Platform do not work.`,
  mend?: string,
): Promise<void> {
  await prove(
    what,
    patience,
    async () =>
      (await workspace.validateCredentials(id)) ??
      (await workspace.credentials()).find((each) => each.id === id),
    mend,
  );
}

/**
 * Has the Platform try a compute environment on AWS.
 * @throws Fault with the Platform's reason when it is not AVAILABLE
 */
export async function proveComputeEnv(
  workspace: Workspace,
  { id, name }: Pick<PlatformComputeEnv, "id" | "name">,
  patience: Patience,
): Promise<void> {
  await prove(
    `The compute environment ${name} (${id}) on Seqera Platform does not work.`,
    patience,
    async () =>
      (await workspace.validateComputeEnv(id)) ??
      (await workspace.computeEnvs()).find((each) => each.id === id),
  );
}

/**
 * Has the Platform try every compute environment that works by the credentials: they turn INVALID with them and do not
 * heal by themselves.
 * @returns how many these are
 */
export async function proveDependants(
  workspace: Workspace,
  credentialsId: string,
  patience: Patience,
): Promise<number> {
  const dependants = (await workspace.computeEnvs()).filter(
    (env) =>
      env.credentialsId === credentialsId && ["AVAILABLE", "INVALID"].includes(env.status) && !isRetired(env),
  );
  await Promise.all(dependants.map((env) => proveComputeEnv(workspace, env, patience)));
  return dependants.length;
}

type Finding = Pick<Validation, "message" | "transientError"> & { status?: string | null };

async function prove(
  what: string,
  patience: Patience,
  ask: () => Promise<Finding | undefined>,
  mend = "put right what the Platform names; then: pulumi up",
): Promise<void> {
  const failed = (finding: Finding | undefined) =>
    new Fault(what, {
      got: `${finding?.status ?? "nothing"}${finding?.message ? `: ${finding.message}` : ""}`,
      allowed: "AVAILABLE",
      mend,
    });
  let last: Finding | undefined;
  await until(
    patience,
    async () => {
      last = await ask();
      // The Platform could not reach AWS: its stored status says nothing about this key.
      if (last?.transientError) return undefined;
      if (last?.status !== "AVAILABLE") throw failed(last);
      return last;
    },
    () =>
      failed({
        ...last,
        message: `the Platform could not reach AWS (${last?.message ?? "no reason given"})`,
      }),
  );
}
