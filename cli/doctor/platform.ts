/** Seqera Platform: its API, the token, the workspace with the token's role in it, and what the stack has there. */
import { HTTPError } from "ky";
import type { StackConfig } from "../../config.ts";
import {
  isRetired,
  type PlatformComputeEnv,
  whatDiffers,
  type Workspace,
  workspaceById,
} from "../../seqerakit/index.ts";
import { platformAccount, type SeenWorkspace } from "../stack/account.ts";
import { manifestsOf } from "../stack/environments.ts";
import type { StackState } from "../stack/state.ts";
import { type Checkup, fail, type Finding, need, notApplicable, pass, type Row } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";
import { atLeast } from "../words.ts";

const GROUP = "Seqera Platform";
/** `tw` 0.38 asks for it: `tw info`. */
const OLDEST_API = "1.198.0";
/** May make credentials and compute environments: https://docs.seqera.io/platform-cloud/orgs-and-teams/roles */
const ROLES = ["owner", "admin", "maintain"];
const REACH =
  "look whether it can be reached from here, or: pulumi config set AWSMegatests:platformEndpoint URL";

/** What the rows are about. */
export interface PlatformAround extends Surroundings {
  config: Row<StackConfig>;
  token: Row<string>;
  workspaceId: Row<string>;
  state: Row<StackState>;
  /** Ids of the user's access keys in AWS. */
  keyIds: () => Promise<string[]>;
}

/** @returns the workspace, once it may be worked in */
export function platformRows(checkup: Checkup, around: PlatformAround): { workspace: Row<Workspace> } {
  const account = async () =>
    platformAccount((await need(around.config)).platformEndpoint, around.milliseconds);
  const api = checkup.add(GROUP, "Platform API", async () =>
    apiVersion(await account(), await need(around.config)),
  );
  const user = checkup.add(GROUP, "Platform token", async () => {
    await need(api);
    return tokenRow(await account(), await need(around.token), await need(around.config));
  });
  const seen = checkup.add(GROUP, "Workspace", async () => {
    const { id } = await need(user);
    const all = await (await account()).workspaces(await need(around.token), id);
    return workspaceRow(all, await need(around.config), await need(around.workspaceId));
  });
  checkup.add(GROUP, "Workspace role", async () =>
    roleRow(await need(seen), await need(user), await need(around.config)),
  );
  const workspace = { ...seen, finding: opened(seen, around) };
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
    const count = (await need(around.config)).computeEnvironments.length;
    if (wrong.length > 0) return fail(wrong.join("\n"), "pulumi up");
    const runs = (await at.activeRuns()).length;
    return pass(`all ${count} AVAILABLE${runs > 0 ? `; ${runs} active runs, which destroy waits for` : ""}`);
  });
  checkup.add(GROUP, "Replaced environments", async () => retired(await need(workspace)));
  return { workspace };
}

async function apiVersion(account: Account, { platformEndpoint }: StackConfig): Promise<Finding<undefined>> {
  try {
    const version = await account.apiVersion();
    if (atLeast(version, OLDEST_API)) return pass(`${version} (${platformEndpoint})`);
    return fail(
      `${version} (${platformEndpoint}); ${OLDEST_API} or later is needed`,
      "have the Platform upgraded",
    );
  } catch (reason) {
    return fail(`no API at ${platformEndpoint}: ${(reason as Error).message.split("\n")[0]}`, REACH);
  }
}

type Account = ReturnType<typeof platformAccount>;
type User = Awaited<ReturnType<Account["user"]>>;

async function tokenRow(
  account: Account,
  token: string,
  { seqeraItem }: StackConfig,
): Promise<Finding<User>> {
  try {
    const user = await account.user(token);
    return pass(`${user.userName}'s`, user);
  } catch (reason) {
    if (!(reason instanceof HTTPError)) throw reason;
    return fail(
      `the Platform refuses it: ${reason.response.status}`,
      `put a token that is valid into the 1Password item ${seqeraItem}`,
    );
  }
}

function workspaceRow(
  all: SeenWorkspace[],
  { organization, workspace }: StackConfig,
  expectedId: string,
): Finding<SeenWorkspace & { workspaceId: number }> {
  const found = all.find((each) => each.orgName === organization && each.workspaceName === workspace);
  const id = found?.workspaceId;
  if (!found || id === undefined || id === null) {
    const others = all.flatMap((each) => (each.workspaceName ? `${each.orgName}/${each.workspaceName}` : []));
    return fail(
      `the token sees no ${organization}/${workspace}, only ${others.join(", ") || "none"}`,
      "pulumi config set AWSMegatests:workspace NAME, or a token of a member",
    );
  }
  if (String(id) !== expectedId.trim())
    return fail(
      `${organization}/${workspace} is ${id}, 1Password has ${expectedId.trim()}`,
      "correct the item's field in 1Password, or: pulumi config set AWSMegatests:workspace NAME",
    );
  return pass(`${organization}/${workspace} (${id})`, { ...found, workspaceId: id });
}

/** A Platform that tells no roles lets the deployment find out. */
function roleRow(
  { roles }: SeenWorkspace,
  { userName }: User,
  { seqeraItem }: StackConfig,
): Finding<undefined> {
  if (!roles || roles.length === 0) return notApplicable("the Platform does not tell the role");
  const found = `${userName} has the role ${roles.join(", ")}`;
  if (roles.some((role) => ROLES.includes(role))) return pass(found);
  return fail(
    `${found}: 403 in a seqerakit or tw step`,
    `give it Maintain or Admin, or put a token of such a member into the 1Password item ${seqeraItem}`,
  );
}

async function opened(
  seen: Row<SeenWorkspace & { workspaceId: number }>,
  around: PlatformAround,
): Promise<Finding<Workspace>> {
  const finding = await seen.finding;
  if (finding.state !== "pass") return finding;
  const { platformEndpoint: endpoint, organization, workspace } = await need(around.config);
  const callSeconds = Math.ceil(around.milliseconds / 1000);
  const address = { endpoint, organization, workspace, callSeconds };
  return pass(finding.found, workspaceById(address, await need(around.token), finding.value.workspaceId));
}

/** Before the first deployment there is nothing that could differ. */
async function differences(workspace: Workspace, around: PlatformAround) {
  const config = await need(around.config);
  const { computeEnvironments } = await need(around.state);
  if (computeEnvironments.length === 0) return { credentials: undefined, computeEnvs: {}, envs: undefined };
  const names = Object.fromEntries(manifestsOf(config).map(({ key, spec }) => [key, spec.name]));
  const [credentials, envs, keyIds] = await Promise.all([
    workspace.credentials(),
    workspace.computeEnvs(),
    around.keyIds(),
  ]);
  const current = envs.filter((env) => !isRetired(env));
  return { ...whatDiffers({ ...config, keyIds }, names, credentials, current), envs: current };
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
