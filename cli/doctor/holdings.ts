/** What the stack has on Seqera Platform: credentials, compute environments, and those that were replaced. */
import { setTimeout as sleep } from "node:timers/promises";
import type { StackConfig } from "../../config.ts";
import { isRetired, type PlatformComputeEnv, whatDiffers, type Workspace } from "../../seqerakit/index.ts";
import { manifestsOf } from "../stack/environments.ts";
import type { StackState } from "../stack/state.ts";
import { type Checkup, fail, type Finding, need, pass, type Row } from "./row.ts";

const GROUP = "Seqera Platform";
/** Each run costs a call: where there are many, nobody waits for their number. */
const COUNTING_MILLISECONDS = 3000;

/** What the rows are about. */
export interface HoldingsAround {
  config: Row<StackConfig>;
  workspace: Row<Workspace>;
  state: Row<StackState>;
  /** Ids of the user's access keys in AWS. */
  keyIds: () => Promise<string[]>;
  /** The role that the Platform is to assume; undefined where it is to hold a key. */
  roleArn: () => Promise<string | undefined>;
}

/** Adds the rows. */
export function holdingRows(checkup: Checkup, around: HoldingsAround): void {
  const { workspace, config } = around;
  checkup.add(GROUP, "Platform credentials", async () => {
    const { credentials, envs } = await differences(await need(workspace), around);
    if (envs === undefined) return pass("nothing was deployed yet");
    return credentials === undefined
      ? pass("as the last deployment left them")
      : fail(credentials, "pulumi up");
  });
  checkup.add(GROUP, "Compute environments", async () => {
    const at = await need(workspace);
    const { computeEnvs, envs } = await differences(at, around);
    if (envs === undefined) return pass("none yet: the deployment makes them");
    const wrong = Object.values(computeEnvs).map((text) => withReason(text, envs));
    if (wrong.length > 0) return fail(wrong.join("\n"), "pulumi up");
    const { computeEnvironments } = await need(config);
    return pass(`all ${computeEnvironments.length} AVAILABLE${await runsOf(at)}`);
  });
  checkup.add(GROUP, "Replaced environments", async () => retired(await need(workspace)));
}

async function runsOf(workspace: Workspace): Promise<string> {
  const uncounted = sleep(COUNTING_MILLISECONDS, undefined, { ref: false });
  const runs = await Promise.race([workspace.activeRuns(), uncounted]);
  if (runs?.length === 0) return "";
  return `; ${runs?.length ?? "many"} active runs, which destroy waits for`;
}

/** Before the first deployment there is nothing that could differ. */
async function differences(workspace: Workspace, around: HoldingsAround) {
  const config = await need(around.config);
  const { computeEnvironments } = await need(around.state);
  if (computeEnvironments.length === 0) return { credentials: undefined, computeEnvs: {}, envs: undefined };
  const names = Object.fromEntries(manifestsOf(config).map(({ key, spec }) => [key, spec.name]));
  const [credentials, envs, keyIds, roleArn] = await Promise.all([
    workspace.credentials(),
    workspace.computeEnvs(),
    around.keyIds(),
    around.roleArn(),
  ]);
  const current = envs.filter((env) => !isRetired(env));
  return { ...whatDiffers({ ...config, keyIds, roleArn }, names, credentials, current), envs: current };
}

/** With what the Platform says of it, which is where a failed creation has its cause. */
function withReason(text: string, envs: PlatformComputeEnv[]): string {
  const env = envs.find(({ name, status }) => text === `the compute environment ${name} is ${status}`);
  return env?.message ? `${text}: ${env.message}` : text;
}

async function retired(workspace: Workspace): Promise<Finding<undefined>> {
  const left = (await workspace.computeEnvs()).filter(isRetired);
  if (left.length === 0) return pass("none is left");
  const runs = await workspace.activeRuns();
  const each = left.map(({ id, name }) => {
    const count = runs.filter(({ computeEnvId }) => computeEnvId === id).length;
    return `${name} is still there, with ${count} active runs`;
  });
  return fail(each.join("\n"), "nothing, once its runs have ended: the next pulumi up deletes it");
}
