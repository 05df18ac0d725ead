/** What is in AWS already under the stack's names: whose it is, and which access keys there are. */
import type { StackConfig } from "../../config.ts";
import { type Workspace } from "../../seqerakit/index.ts";
import { openIam } from "../../towerforge/index.ts";
import { holderOf, type Identity, seenIfAllowed } from "../stack/access.ts";
import type { AwsReader, ListedKey } from "../stack/aws.ts";
import { heldKeys } from "../stack/held-keys.ts";
import { ask } from "./ask.ts";
import type { HeldCredentials } from "./held.ts";
import { awsService } from "./clock.ts";
import { keysRow } from "./keys.ts";
import { policiesRow, policyNames } from "./policies.ts";
import { platformService } from "./platform-service.ts";
import type { StackState } from "../stack/state.ts";
import { type Checkup, fail, need, notApplicable, pass, type Row } from "./row.ts";

const GROUP = "AWS";

/** Keys that nobody may see. */
const UNSEEN: ListedKey[] = [];

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
      ask(awsService("AWS IAM", config), milliseconds, seenIfAllowed(config, aws.keys(userName), UNSEEN)),
      ask(platformService(config), milliseconds, workspace.credentials()),
    ]);
    if (keys === UNSEEN) return notApplicable(`the deployer may not see ${userName}, which a role needs not`);
    const held = heldKeys(credentials, credentialsName);
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
  const policies = policyNames(policyPrefix);
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
