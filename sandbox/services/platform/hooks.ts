/** What tests, the prober and the sandbox's control do to the Platform from inside its process, past its API. */
import { MARKS } from "../callers.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { type ComputeEnv, type ComputeEnvPlan, newId, now, type Run } from "./model.ts";
import { type AwsIdentity, openSession, type PlatformAws } from "./session.ts";
import type { Store } from "./store.ts";

/** A key the Platform works with at this moment. */
export interface HeldKey {
  accessKeyId: string;
  secretAccessKey: string;
  credentialsId: string;
  name: string;
}

/** A role the Platform works by at this moment. */
export interface HeldRole {
  roleArn: string;
  credentialsId: string;
  name: string;
  /** Assumes the role as the Platform does. @throws AWS's error when it may not */
  assume(): Promise<AwsIdentity>;
}

/** See each method. */
export interface PlatformHooks {
  /** Every access key held, secrets included. */
  heldKeys(): HeldKey[];
  /**
   * Every role by which an environment works. Credentials that name a role come before the role does: what nothing works
   * by yet need not work.
   */
  heldRoles(): HeldRole[];
  /** Decides how environments of this name are created from now on; undefined takes the plan back. */
  planComputeEnv(name: string, plan: ComputeEnvPlan | undefined): void;
  /** Lets a run be on an environment. @returns the run's id. @throws Error when there is no such environment */
  seedRun(computeEnvId: string, status?: Run["status"], runName?: string): string;
  /** Changes a run's status. @throws Error when there is no such run */
  setRunStatus(runId: string, status: Run["status"]): void;
  /** Takes credentials away, as a person would by hand. @throws Error when there are none with that name */
  removeCredentials(name: string): void;
  /** Takes an environment away at once. @throws Error when there is none with that name */
  removeComputeEnv(name: string): void;
  /** Renames credentials or an environment. @throws Error when there is none with that name */
  rename(kind: "credentials" | "computeEnv", name: string, newName: string): void;
  /** Names, ids and states of all environments, deleted ones included while they are remembered. */
  computeEnvs(): Pick<ComputeEnv, "id" | "name" | "status" | "message" | "credentialsId">[];
}

/** The hooks of one running Platform. */
export function makeHooks(store: Store, lifecycle: Lifecycle, aws: PlatformAws): PlatformHooks {
  const { state } = store;
  const credentialsNamed = (name: string) => {
    const found = state.credentials.find((entry) => entry.name === name);
    return need(found, `credentials named '${name}'`);
  };
  const computeEnvNamed = (name: string) => {
    const found = state.computeEnvs.find((env) => env.name === name && env.status !== "DELETED");
    return need(found, `compute environment named '${name}'`);
  };
  return {
    heldKeys: () =>
      state.credentials.flatMap(({ id, name, keys: { accessKey, secretKey } }) =>
        accessKey === undefined || secretKey === undefined
          ? []
          : [{ accessKeyId: accessKey, secretAccessKey: secretKey, credentialsId: id, name }],
      ),
    heldRoles: () =>
      state.credentials.flatMap(({ id, name, keys }) =>
        keys.mode !== "role" ||
        keys.assumeRoleArn === undefined ||
        store.dependants(id).every((env) => env.status === "DELETED")
          ? []
          : [
              {
                ...{ roleArn: keys.assumeRoleArn, credentialsId: id, name },
                assume: async () => (await openSession(aws, keys, MARKS.prober)).credentials,
              },
            ],
      ),
    planComputeEnv: (name, plan) => {
      if (plan === undefined) delete state.plans[name];
      else state.plans[name] = plan;
    },
    seedRun: (computeEnvId, status = "RUNNING", runName = "sandbox_run") => {
      const found = state.computeEnvs.find((entry) => entry.id === computeEnvId);
      const { workspaceId } = need(found, `environment '${computeEnvId}'`);
      const id = newId();
      state.runs.push({ id, workspaceId, runName, computeEnvId, status, dateCreated: now() });
      return id;
    },
    setRunStatus: (runId, status) => {
      const found = state.runs.find((entry) => entry.id === runId);
      need(found, `run '${runId}'`).status = status;
    },
    removeCredentials: (name) => {
      const credentials = credentialsNamed(name);
      state.credentials = state.credentials.filter((entry) => entry !== credentials);
    },
    removeComputeEnv: (name) => lifecycle.discard(computeEnvNamed(name)),
    rename: (kind, name, newName) => {
      (kind === "credentials" ? credentialsNamed(name) : computeEnvNamed(name)).name = newName;
    },
    computeEnvs: () =>
      state.computeEnvs.map(({ id, name, status, message, credentialsId }) => {
        return { id, name, status, message, credentialsId };
      }),
  };
}

function need<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`The sandbox's Platform has no ${what}`);
  return found;
}
