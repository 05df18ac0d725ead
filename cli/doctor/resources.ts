/** What is in AWS already under the stack's names: whose it is, and which access keys there are. */
import type { StackConfig } from "../../config.ts";
import { type Workspace } from "../../seqerakit/index.ts";
import { openIam } from "../../towerforge/index.ts";
import { decide, type Item } from "../recover/decide.ts";
import { holderOf, type Identity } from "../stack/access.ts";
import type { HeldCredentials } from "./aws.ts";
import type { StackState } from "../stack/state.ts";
import { type Checkup, fail, type Finding, need, pass, type Row } from "./row.ts";

const GROUP = "AWS";
const RECOVER = "npm run --silent megatests -- recover";

/** What the rows are about. */
export interface ResourcesAround {
  config: Row<StackConfig>;
  project: Row<string>;
  stack: () => Promise<string>;
  credentials: Row<HeldCredentials>;
  identity: Row<Identity>;
  state: Row<StackState>;
  workspace: Row<Workspace>;
}

type Iam = Awaited<ReturnType<typeof openIam>>;

/** Opens IAM as the deployment does, for what it knows to ask. */
export async function iamOf(
  around: Pick<ResourcesAround, "config" | "credentials" | "identity">,
): Promise<Iam> {
  await need(around.identity);
  const config = await need(around.config);
  return openIam({ ...config, credentials: (await need(around.credentials)).provider });
}

/** Adds the rows. @param iam asked once it is needed */
export function resourceRows(checkup: Checkup, around: ResourcesAround, iam: Promise<Iam>): void {
  checkup.add(GROUP, "IAM names", async () => {
    const [config, state, { arn, account }] = [
      await need(around.config),
      await need(around.state),
      await need(around.identity),
    ];
    const tags = { Project: await need(around.project), Stack: await around.stack() };
    const taken = await takenNames(await iam, {
      config,
      state,
      tags,
      partition: arn.split(":")[1] ?? "aws",
      account,
    });
    if (taken.length === 0)
      return pass(`${holderOf(config).name}, ${config.policyPrefix}-…: this stack's, or free`);
    return fail(taken.map(({ found }) => found).join("\n"), taken.map(({ mend }) => mend).join("\n"));
  });
  checkup.add(GROUP, "Access keys", async () => {
    const { userName, credentialsName, credentialMode } = await need(around.config);
    const state = await need(around.state);
    const [keyIds, credentials] = await Promise.all([
      (await iam).keyIds(userName),
      (await need(around.workspace)).credentials(),
    ]);
    const held = credentials.flatMap(({ id, name, keys }) =>
      keys?.accessKey
        ? [{ accessKeyId: keys.accessKey, by: `${name} (${id})`, own: name === credentialsName }]
        : [],
    );
    const byRole = credentialMode === "role";
    return keysRow({ state: { ...state, pending: [] }, byRole, userName, keyIds, held });
  });
}

interface Names {
  config: StackConfig;
  state: StackState;
  tags: Record<string, string>;
  partition: string;
  account: string;
}

/** Names that the deployment would be refused, because they are somebody's. */
async function takenNames(iam: Iam, { config, state, tags, partition, account }: Names) {
  const { policyPrefix } = config;
  const { kind, name: holder } = holderOf(config);
  const known = kind === "user" ? state.userNames : state.roleNames;
  const policies = ["Forge", "Launch", "S3"].map((part) => `${policyPrefix}-${part}-Policy`);
  const asked = [
    ...(known.includes(holder)
      ? []
      : [{ what: `IAM ${kind} ${holder}`, setting: `${kind}Name`, find: () => iam[kind](holder) }]),
    ...policies
      .filter((name) => !state.policies.some((policy) => policy.name === name))
      .map((name) => ({
        what: `IAM policy ${name}`,
        setting: "policyPrefix",
        find: () => iam.policy(`arn:${partition}:iam::${account}:policy/${name}`),
      })),
  ];
  const looks = asked.map(async ({ what, setting, find }) => {
    const found = await find();
    if (!found) return [];
    const ours = Object.entries(tags).every(([key, value]) => found.tags[key] === value);
    // What an earlier try has made, and nothing depends on, the deployment makes again.
    if (ours && found.dependants === 0) return [];
    return [
      {
        found: `The ${what} exists already: ${ours ? "it is in use" : "it was not made by this stack"}`,
        mend: `pulumi config set AWSMegatests:${setting} ANOTHER, or delete it in AWS`,
      },
    ];
  });
  return (await Promise.all(looks)).flat();
}

interface Keys {
  state: StackState;
  /** Whether the Platform is to assume a role. */
  byRole: boolean;
  userName: string;
  keyIds: string[];
  held: { accessKeyId: string; by: string; own: boolean }[];
}

/** Two keys are an unfinished rotation; what else may be wrong with them is recovery's to say. */
function keysRow({ state, byRole, userName, keyIds, held }: Keys): Finding<undefined> {
  const inUse = held.filter(({ accessKeyId }) => keyIds.includes(accessKeyId));
  const both = new Set(inUse.map(({ accessKeyId }) => accessKeyId)).size > 1;
  const strange = inUse.find(({ own }) => !own);
  if (both && strange)
    return fail(
      `The IAM user has two access keys already, and Seqera Platform works with both of them: ${strange.accessKeyId} in ${strange.by}`,
      `delete the credentials ${strange.by} on the Platform; then: pulumi up`,
    );
  const nothingElse = { locks: [], environments: [], variables: [], owner: "" };
  const items = decide({ ...nothingElse, state, byRole, userName, keyIds, held });
  if (items.length > 0) return fail(items.map(({ found }) => found).join("\n"), items.map(remedy).join("\n"));
  if (keyIds.length === 0)
    return pass(
      `${userName} has none: ${byRole ? "the Platform assumes a role" : "the deployment makes one"}`,
    );
  return pass(`${keyIds.join(", ")}, in the state and on the Platform`);
}

function remedy({ by, then }: Item): string {
  if (by === "you") return then;
  return `${by === "recover" ? RECOVER : by} (${then})`;
}
