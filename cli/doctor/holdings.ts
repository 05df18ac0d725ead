/** What the stack has on Seqera Platform: credentials, compute environments, and those that were replaced. */
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { StackConfig } from "../../config.ts";
import {
  isRetired,
  nameOfCredentials,
  type PlatformComputeEnv,
  type PlatformCredentials,
  whatDiffers,
  type Workspace,
} from "../../seqerakit/index.ts";
import { trustDocument } from "../../towerforge/policies/index.ts";
import { manifestsOf } from "../stack/environments.ts";
import type { StackState } from "../stack/state.ts";
import { REFRESH } from "../words.ts";
import { ask } from "./ask.ts";
import { platformService } from "./platform-service.ts";
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
  /** Whom a role trusts, as IAM holds it; undefined where there is no such role. */
  trust: (roleName: string) => Promise<unknown>;
  /** How long the Platform may take for what it is asked. */
  milliseconds: number;
}

/** Adds the rows. */
export function holdingRows(checkup: Checkup, around: HoldingsAround): void {
  const { workspace, config, milliseconds } = around;
  const asked = async <T>(question: (at: Workspace) => Promise<T>) => {
    const at = await need(workspace);
    return ask(platformService(await need(config)), milliseconds, question(at));
  };
  // Two rows are about the same answers.
  const found = differences(asked, around);
  found.catch(() => undefined);
  checkup.add(GROUP, "Platform credentials", async () => {
    const { credentials, own, envs } = await found;
    if (envs === undefined) return pass("nothing was deployed yet");
    if (credentials !== undefined) return fail(credentials, "pulumi up");
    return (await trustRow(asked, around, own)) ?? pass("as the last deployment left them");
  });
  checkup.add(GROUP, "Compute environments", async () => {
    const { computeEnvs, envs } = await found;
    if (envs === undefined) return pass("none yet: the deployment makes them");
    const wrong = Object.values(computeEnvs).map((text) => withReason(text, envs));
    if (wrong.length > 0) return fail(wrong.join("\n"), "pulumi up");
    const { computeEnvironments } = await need(config);
    return pass(`all ${computeEnvironments.length} AVAILABLE${await runsOf(await need(workspace))}`);
  });
  checkup.add(GROUP, "Replaced environments", () => asked(retired));
}

type Ask = <T>(question: (at: Workspace) => Promise<T>) => Promise<T>;

/** Whether the role trusts the Platform for the external id of these credentials; undefined where it does, or there is none. */
async function trustRow(
  asked: Ask,
  around: HoldingsAround,
  own: PlatformCredentials | undefined,
): Promise<Finding<never> | undefined> {
  const { credentialMode, roleName, seqeraPrincipal } = await need(around.config);
  if (credentialMode !== "role" || own === undefined) return undefined;
  const [trust, externalId] = await Promise.all([
    around.trust(roleName),
    asked((at) => at.externalId(own.id)),
  ]);
  const wanted = externalId === undefined ? undefined : trustDocument({ seqeraPrincipal, externalId });
  if (wanted !== undefined && isDeepStrictEqual(trust, wanted)) return undefined;
  const why = trust === undefined ? "AWS has no such role" : "it does not trust the Platform as it must";
  return fail(`Seqera Platform cannot assume the role ${roleName}: ${why}`, REFRESH);
}

async function runsOf(workspace: Workspace): Promise<string> {
  const uncounted = sleep(COUNTING_MILLISECONDS, undefined, { ref: false });
  const runs = await Promise.race([workspace.activeRuns(), uncounted]);
  if (runs?.length === 0) return "";
  return `; ${runs?.length ?? "many"} active runs, which destroy waits for`;
}

/** Before the first deployment there is nothing that could differ. */
async function differences(asked: Ask, around: HoldingsAround) {
  await need(around.workspace);
  const config = await need(around.config);
  const { computeEnvironments } = await need(around.state);
  const nothing = { credentials: undefined, computeEnvs: {}, own: undefined, envs: undefined };
  if (computeEnvironments.length === 0) return nothing;
  const names = Object.fromEntries(manifestsOf(config).map(({ key, spec }) => [key, spec.name]));
  const [[credentials, envs], keyIds, roleArn] = await Promise.all([
    asked((at) => Promise.all([at.credentials(), at.computeEnvs()])),
    around.keyIds(),
    around.roleArn(),
  ]);
  const current = envs.filter((env) => !isRetired(env));
  const ownName = nameOfCredentials({ ...config, roleArn });
  const own = credentials.find(({ name, provider }) => name === ownName && provider === "aws");
  return { ...whatDiffers({ ...config, keyIds, roleArn }, names, credentials, current), own, envs: current };
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
