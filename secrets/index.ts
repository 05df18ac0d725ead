import type * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import { answered } from "../time-limit.ts";
import { makeContext } from "./context.ts";
import { fieldReader, type FieldSetting } from "./fields.ts";
import {
  type AwsCredentialIdentity,
  type AwsCredentialIdentityProvider,
  loadFirst,
  openSource,
  type Source,
  type SourceSetting,
  type Surroundings,
} from "./sources/index.ts";

export { fieldReader, type FieldSetting, itemOf, type ItemSetting } from "./fields.ts";
export { fieldsOf } from "./item.ts";
export { Missing } from "./onepassword.ts";

/** Which fields of which items hold the bootstrap credentials. Titles and labels are spelled as in 1Password. */
export interface ItemsArgs {
  onepasswordVault: string;
  awsItem: string;
  awsAccessKeyIdField: string;
  awsSecretAccessKeyField: string;
  /** Of temporary credentials. Empty: no such field is read. */
  awsSessionTokenField: string;
  seqeraItem: string;
  /** Tried in this order. */
  seqeraTokenFields: string[];
  seqeraWorkspaceIdField: string;
  githubItem: string;
  /** Tried in this order. */
  githubTokenFields: string[];
  /** Whether the GitHub item is needed at all. */
  publishToGithub: boolean;
}

/** Where the infrastructure's AWS credentials come from. */
export interface SourcesArgs
  extends
    Omit<Surroundings, "onePassword" | "onePasswordItem" | "stsEndpoint">,
    Pick<ItemsArgs, "onepasswordVault" | Extract<keyof ItemsArgs, `aws${string}`>> {
  /** The first that is there is taken. */
  awsCredentialSources: SourceSetting[];
  /** Endpoints of AWS's services instead of AWS's own. */
  awsEndpoints: { sts?: string };
}

/** The bootstrap credentials. Every field is a secret output from here on. */
export interface Secrets {
  /** The infrastructure's key: makes the AWS resources, is never handed on. */
  aws: {
    accessKeyId: pulumi.Output<string>;
    secretAccessKey: pulumi.Output<string>;
    /** Temporary credentials alone have one. */
    sessionToken?: pulumi.Output<string>;
  };
  /** The same for clients of AWS, which outlast one reading. */
  awsClients: AwsCredentialIdentityProvider;
  seqera: { token: pulumi.Output<string>; workspaceId: pulumi.Output<string> };
  /** Empty where nothing is published to GitHub. */
  github: { token: pulumi.Output<string> };
}

/** The items of a vault; each is read at most once, when one of its fields is first asked for. */
export interface Items {
  /** @throws Missing naming vault, item and field of whatever is missing; so do the others */
  aws(): Promise<AwsCredentialIdentity>;
  seqera(): Promise<{ token: string; workspaceId: string }>;
  github(): Promise<{ token: string }>;
}

/** The stack's items in 1Password. Nothing is read yet. */
export function openItems(args: ItemsArgs, provider: onepassword.Provider): Items {
  return itemsOf(args, fieldReader(args, provider));
}

/** The items, by way of what reads their fields. */
export function itemsOf(args: ItemsArgs, read: (name: FieldSetting) => Promise<string>): Items {
  const fields = async <N extends string>(names: Record<N, FieldSetting>): Promise<Record<N, string>> => {
    const all = Object.entries<FieldSetting>(names).map(async ([key, name]) => [key, await read(name)]);
    return Object.fromEntries(await Promise.all(all)) as Record<N, string>;
  };
  return {
    aws: async () => ({
      ...(await fields({ accessKeyId: "awsAccessKeyIdField", secretAccessKey: "awsSecretAccessKeyField" })),
      ...(args.awsSessionTokenField && (await fields({ sessionToken: "awsSessionTokenField" }))),
    }),
    seqera: () => fields({ token: "seqeraTokenFields", workspaceId: "seqeraWorkspaceIdField" }),
    github: async () => (args.publishToGithub ? fields({ token: "githubTokenFields" }) : { token: "" }),
  };
}

/** What the sources work with. */
export function surroundingsOf(args: SourcesArgs, items: Pick<Items, "aws">): Surroundings {
  const onePasswordItem = {
    vault: args.onepasswordVault,
    title: args.awsItem,
    accessKeyId: args.awsAccessKeyIdField,
    secretAccessKey: args.awsSecretAccessKeyField,
    sessionToken: args.awsSessionTokenField,
  };
  return { ...args, stsEndpoint: args.awsEndpoints.sts, onePassword: items.aws, onePasswordItem };
}

/** The sources that the config names, in its order. Nothing is read yet. */
export function openSources(args: SourcesArgs, items: Pick<Items, "aws">): Source[] {
  return args.awsCredentialSources.map((setting) => openSource(setting, surroundingsOf(args, items)));
}

/**
 * Reads the bootstrap credentials, AWS's from the source that the config names.
 * @param context what clients of AWS take theirs from. @default one of its own
 * @throws pulumi.RunError naming what is missing and where; its cause is the source's own error, e.g. UnlockRequired
 */
export async function readSecrets(
  args: ItemsArgs & SourcesArgs,
  provider: onepassword.Provider,
  context = makeContext(),
): Promise<Secrets> {
  const items = openItems(args, provider);
  const sources = openSources(args, items);
  context.set(() => loadFirst(sources));
  const asked = sources.map(({ title }) => title).join(" or ");
  const reading = [
    answered(asked, args, context.get()),
    answered("1Password", args, items.seqera()),
    answered("1Password", args, items.github()),
  ] as const;
  // Whichever fails first: what is said is about the first of them.
  await Promise.allSettled(reading);
  const [{ sessionToken, ...aws }, seqera, github] = await Promise.all(reading).catch(refuse);
  const { accessKeyId, secretAccessKey } = hidden(aws);
  return {
    aws: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken: pulumi.secret(sessionToken) }),
    },
    awsClients: context.provider(),
    seqera: hidden(seqera),
    github: hidden(github),
  };
}

function hidden<T extends object>(fields: T) {
  const all = Object.entries(fields).map(([name, value]) => [name, pulumi.secret(value as string)]);
  return Object.fromEntries(all) as { [N in keyof T]: pulumi.Output<string> };
}

/** An operator is shown the words alone, without a stack trace. */
function refuse(reason: Error): never {
  const { message } = reason;
  if (pulumi.RunError.isInstance(reason)) throw reason;
  throw Object.assign(new pulumi.RunError(message), { cause: reason });
}
