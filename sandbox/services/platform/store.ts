/** The Platform's memory: look-ups within one workspace, as every request names one. */
import { ApiError } from "../local-app.ts";
import type { ComputeEnv, Credentials, Label, PlatformState, Run } from "./model.ts";

/** State plus the questions the routes ask of it. */
export class Store {
  readonly state: PlatformState;

  constructor(saved?: unknown) {
    const empty: PlatformState = { credentials: [], computeEnvs: [], labels: [], runs: [], plans: {} };
    this.state = saved === undefined ? empty : (structuredClone(saved) as PlatformState);
  }

  /** Takes another state in place of its own; whoever has a part of the former one in hand has it alone. */
  restore(saved: unknown): void {
    Object.assign(this.state, structuredClone(saved) as PlatformState);
  }

  /** Credentials of a workspace, oldest first. */
  credentials(workspaceId: number | undefined): Credentials[] {
    return this.state.credentials.filter((entry) => entry.workspaceId === workspaceId);
  }

  /**
   * @param missing the status for an unknown id: the API answers 403 except where its specification names 404
   * @throws ApiError when there are none with that id in this workspace
   */
  credentialsById(id: string, workspaceId: number | undefined, missing: 403 | 404 = 403): Credentials {
    const found = this.credentials(workspaceId).find((entry) => entry.id === id);
    if (found === undefined) throw new ApiError(missing, `Credentials '${id}' not found`);
    return found;
  }

  /** Environments of a workspace that lists show: all but the deleted. */
  computeEnvs(workspaceId: number | undefined): ComputeEnv[] {
    return this.state.computeEnvs.filter(
      (entry) => entry.workspaceId === workspaceId && entry.status !== "DELETED",
    );
  }

  /** @throws ApiError `missing` when there is none with that id in this workspace */
  computeEnvById(id: string, workspaceId: number | undefined, missing: 403 | 404 = 403): ComputeEnv {
    const found = this.computeEnvs(workspaceId).find((entry) => entry.id === id);
    if (found === undefined) throw new ApiError(missing, `Compute environment '${id}' not found`);
    return found;
  }

  /** As {@link computeEnvById}, and a deleted environment too while it is remembered. */
  anyComputeEnvById(id: string, workspaceId: number | undefined): ComputeEnv {
    const found = this.state.computeEnvs.find(
      (entry) => entry.id === id && entry.workspaceId === workspaceId,
    );
    return found ?? this.computeEnvById(id, workspaceId);
  }

  /** Environments that work by these credentials. */
  dependants(credentialsId: string): ComputeEnv[] {
    return this.state.computeEnvs.filter((entry) => entry.credentialsId === credentialsId);
  }

  /** Labels of a workspace. */
  labels(workspaceId: number | undefined): Label[] {
    return this.state.labels.filter((entry) => entry.workspaceId === workspaceId);
  }

  /** Runs of a workspace, newest first. */
  runs(workspaceId: number | undefined): Run[] {
    return this.state.runs.filter((entry) => entry.workspaceId === workspaceId).reverse();
  }
}
