/** Seqera Platform: its API, the token, and the workspace with the token's role in it. */
import { HTTPError } from "ky";
import type { StackConfig } from "../../config.ts";
import { Fault } from "../../fault.ts";
import { type Workspace, workspaceById } from "../../seqerakit/index.ts";
import { platformAccount, type SeenWorkspace } from "../stack/account.ts";
import { ask } from "./ask.ts";
import { holdingRows, type HoldingsAround } from "./holdings.ts";
import { type Checkup, fail, type Finding, need, notApplicable, pass, type Row } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";
import { platformService } from "./platform-service.ts";
import { atLeast } from "../words.ts";

const GROUP = "Seqera Platform";
/** `tw` 0.38 asks for it: `tw info`. */
const OLDEST_API = "1.198.0";
/** May make credentials and compute environments: https://docs.seqera.io/platform-cloud/orgs-and-teams/roles */
const ROLES = ["owner", "admin", "maintain"];
/** Only these say that the token is not accepted. */
const REFUSALS = [401, 403];

/** What the rows are about. */
export interface PlatformAround extends Surroundings, Omit<HoldingsAround, "workspace"> {
  token: Row<string>;
  workspaceId: Row<string>;
}

/** @returns the workspace, once it may be worked in */
export function platformRows(checkup: Checkup, around: PlatformAround): { workspace: Row<Workspace> } {
  const account = async () =>
    platformAccount((await need(around.config)).platformEndpoint, around.milliseconds);
  const asked = async <T>(question: (account: Account) => Promise<T>) =>
    ask(platformService(await need(around.config)), around.milliseconds, question(await account()));
  const api = checkup.add(GROUP, "Platform API", async () => {
    const config = await need(around.config);
    return apiVersion(asked, config);
  });
  const user = checkup.add(GROUP, "Platform token", async () => {
    await need(api);
    const [token, config] = [await need(around.token), await need(around.config)];
    return asked((platform) => tokenRow(platform, token, config));
  });
  const seen = checkup.add(GROUP, "Workspace", async () => {
    const [{ id }, token] = [await need(user), await need(around.token)];
    const all = await asked((platform) => platform.workspaces(token, id));
    return workspaceRow(all, await need(around.config), await need(around.workspaceId));
  });
  checkup.add(GROUP, "Workspace role", async () =>
    roleRow(await need(seen), await need(user), await need(around.config)),
  );
  const workspace = { ...seen, finding: opened(seen, around) };
  holdingRows(checkup, { ...around, workspace });
  return { workspace };
}

type Ask = <T>(question: (account: Account) => Promise<T>) => Promise<T>;

async function apiVersion(asked: Ask, config: StackConfig): Promise<Finding<undefined>> {
  const { platformEndpoint } = config;
  try {
    const version = await asked((account) => account.apiVersion());
    if (atLeast(version, OLDEST_API)) return pass(`${version} (${platformEndpoint})`);
    return fail(
      `${version} (${platformEndpoint}); ${OLDEST_API} or later is needed`,
      "have the Platform upgraded",
    );
  } catch (reason) {
    if (reason instanceof Fault) throw reason;
    const { service, reach } = platformService(config);
    return fail(`${service} has no such API: ${(reason as Error).message.split("\n")[0]}`, reach);
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
    if (!(reason instanceof HTTPError) || !REFUSALS.includes(reason.response.status)) throw reason;
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
