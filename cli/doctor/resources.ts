/** What is in AWS already under the stack's names: whose it is, and which access keys there are. */
import type { StackConfig } from "../../config.ts";
import { type Workspace } from "../../seqerakit/index.ts";
import { openIam } from "../../towerforge/index.ts";
import { decide, type Item } from "../recover/decide.ts";
import { holderOf, type Identity } from "../stack/access.ts";
import type { AwsReader, ListedKey } from "../stack/aws.ts";
import { ask } from "./ask.ts";
import type { HeldCredentials } from "./aws.ts";
import { awsService } from "./clock.ts";
import { REFRESH } from "./holdings.ts";
import { platformService } from "./platform-service.ts";
import type { StackState } from "../stack/state.ts";
import { type Checkup, fail, type Finding, need, pass, type Row } from "./row.ts";

const GROUP = "AWS";
/** Of the names of the three policies. */
const PARTS = ["Forge", "Launch", "S3"];
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
  /** As {@link iamOf} opens it. */
  iam: Promise<Iam>;
  aws: Promise<AwsReader>;
  /** How long a service may take for what it is asked. */
  milliseconds: number;
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

/** Adds the rows. */
export function resourceRows(checkup: Checkup, around: ResourcesAround): void {
  const { milliseconds } = around;
  const asked = async <T>(question: (iam: Iam) => Promise<T>) => {
    const [iam, config] = [await around.iam, await need(around.config)];
    return ask(awsService("AWS IAM", config), milliseconds, question(iam));
  };
  checkup.add(GROUP, "IAM names", async () => {
    const [config, state, { arn, account }] = [
      await need(around.config),
      await need(around.state),
      await need(around.identity),
    ];
    const tags = { Project: await need(around.project), Stack: await around.stack() };
    const names = { config, state, tags, partition: arn.split(":")[1] ?? "aws", account };
    const taken = await asked((iam) => takenNames(iam, names));
    if (taken.length === 0)
      return pass(`${holderOf(config).name}, ${config.policyPrefix}-…: this stack's, or free`);
    return fail(taken.map(({ found }) => found).join("\n"), taken.map(({ mend }) => mend).join("\n"));
  });
  checkup.add(GROUP, "Policies", async () => {
    const [config, state] = [await need(around.config), await need(around.state)];
    const attached = await asked((iam) => iam.attachedPolicies(holderOf(config)));
    return policiesRow(config, state, attached);
  });
  checkup.add(GROUP, "Access keys", async () => {
    const config = await need(around.config);
    const { userName, credentialsName, credentialMode } = config;
    const state = await need(around.state);
    await need(around.identity);
    const [aws, workspace] = [await around.aws, await need(around.workspace)];
    const [keys, credentials] = await Promise.all([
      ask(awsService("AWS IAM", config), milliseconds, aws.keys(userName)),
      ask(platformService(config), milliseconds, workspace.credentials()),
    ]);
    const held = credentials.flatMap(({ id, name, keys: has }) =>
      has?.accessKey
        ? [{ accessKeyId: has.accessKey, by: `${name} (${id})`, own: name === credentialsName }]
        : [],
    );
    const byRole = credentialMode === "role";
    return keysRow({ state: { ...state, pending: [] }, byRole, userName, keys: keys ?? [], held });
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
  const policies = PARTS.map((part) => `${policyPrefix}-${part}-Policy`);
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

/** The state does not notice what is detached by hand. */
function policiesRow(
  config: StackConfig,
  state: StackState,
  attached: string[] | undefined,
): Finding<undefined> {
  const { kind, name } = holderOf(config);
  const known = (kind === "user" ? state.userNames : state.roleNames).includes(name);
  if (!known) return pass("none yet: the deployment attaches them");
  if (attached === undefined) return fail(`the IAM ${kind} ${name} is gone, which the state knows`, REFRESH);
  const missing = PARTS.filter((part) => !attached.includes(`${config.policyPrefix}-${part}-Policy`));
  if (missing.length === 0) return pass(`${PARTS.join(", ")}, attached to ${name}`);
  return fail(
    `Policies were detached from the IAM ${kind} ${name} by hand: without ${missing.join(", ")}`,
    REFRESH,
  );
}

interface Keys {
  state: StackState;
  /** Whether the Platform is to assume a role. */
  byRole: boolean;
  userName: string;
  keys: ListedKey[];
  held: { accessKeyId: string; by: string; own: boolean }[];
}

/** Two keys are an unfinished rotation; what else may be wrong with them is recovery's to say. */
function keysRow({ state, byRole, userName, keys, held }: Keys): Finding<undefined> {
  const keyIds = keys.map(({ id }) => id);
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
  const inactive = keys.find(({ active }) => !active);
  if (inactive)
    return fail(
      `access key ${inactive.id} is inactive: whoever works with it is refused`,
      `aws iam update-access-key --user-name ${userName} --access-key-id ${inactive.id} --status Active`,
    );
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
