import * as pulumi from "@pulumi/pulumi";
import { goesBy, isRetired } from "./apply/names.ts";
import { type PlatformComputeEnv, type PlatformCredentials, workspaceById } from "./apply/platform.ts";
import {
  address,
  type FileArgs,
  manifestsOf,
  type SeqeraSecrets,
  type SeqeraWorkspaceArgs,
  valueOf,
} from "./args.ts";
import { type NameArgs, nameOfCredentials } from "./names.ts";

/** Why steps have to run again although the state, which does not notice what people do by hand, sees no reason. */
export interface PlatformLook {
  /** Undefined where they need not. */
  credentials: string | undefined;
  /** By key of the compute environment's file, e.g. `cpu`; only those that need it. */
  computeEnvs: Record<string, string>;
}

/** What the Platform is looked at for. */
export interface LookArgs extends SeqeraWorkspaceArgs, FileArgs, NameArgs {
  /** Ids of the user's access keys in AWS; none where the Platform assumes a role. */
  keyIds: string[];
  /** Whether an earlier deployment has left what the Platform works with. */
  stands: boolean;
}

/**
 * Looks at the credentials and the compute environments before anything is changed; never in a preview.
 * @throws pulumi.RunError when the Platform does not answer
 */
export async function lookAtPlatform(
  args: LookArgs,
  { token, workspaceId }: SeqeraSecrets,
): Promise<PlatformLook> {
  // Without that there was no deployment, or all is handed over anyway.
  if (pulumi.runtime.isDryRun() || !args.stands) return { credentials: undefined, computeEnvs: {} };
  const workspace = workspaceById(address(args), await valueOf(token), Number(await valueOf(workspaceId)));
  const [credentials, envs] = await Promise.all([workspace.credentials(), workspace.computeEnvs()]).catch(
    (reason: Error) => {
      throw new pulumi.RunError(reason.message);
    },
  );
  const names = Object.fromEntries(manifestsOf(args).map(({ key, spec }) => [key, spec.name]));
  const found = whatDiffers(args, names, credentials, envs);
  for (const reason of [found.credentials, ...Object.values(found.computeEnvs)])
    if (reason !== undefined) void pulumi.log.info(`Seqera Platform: ${reason}. This deployment sees to it.`);
  return found;
}

/** @param names of the compute environments, by key */
export function whatDiffers(
  args: NameArgs & Pick<LookArgs, "keyIds">,
  names: Record<string, string>,
  credentials: PlatformCredentials[],
  envs: PlatformComputeEnv[],
): PlatformLook {
  const ownName = nameOfCredentials(args);
  const own = credentials.filter(({ name, provider }) => name === ownName && provider === "aws");
  const ids = own.map(({ id }) => id);
  const computeEnvs = Object.entries(names).flatMap(([key, name]) => {
    const reason = aboutComputeEnv(
      name,
      envs.filter((env) => goesBy(env, name)),
      ids,
    );
    return reason === undefined ? [] : [[key, reason] as const];
  });
  return {
    credentials: aboutCredentials(ownName, own, args) ?? aboutRetired(envs, ids),
    computeEnvs: Object.fromEntries(computeEnvs),
  };
}

function aboutCredentials(
  name: string,
  own: PlatformCredentials[],
  { roleArn, keyIds }: NameArgs & Pick<LookArgs, "keyIds">,
): string | undefined {
  const [held] = own;
  if (!held) return `there are no credentials ${name}`;
  const { accessKey, assumeRoleArn } = held.keys ?? {};
  if (roleArn !== undefined && assumeRoleArn !== roleArn)
    return `the credentials ${name} assume ${assumeRoleArn ?? "no role"}, not ${roleArn}`;
  if (roleArn === undefined && !keyIds.includes(accessKey ?? ""))
    return `the credentials ${name} hold ${accessKey ?? "no access key"}, which is not the user's`;
  return held.status === "INVALID" ? `the credentials ${name} are INVALID` : undefined;
}

function aboutRetired(envs: PlatformComputeEnv[], credentialsIds: string[]): string | undefined {
  const retired = envs.filter((env) => isRetired(env) && credentialsIds.includes(env.credentialsId ?? ""));
  if (retired.length === 0) return undefined;
  return `replaced compute environments are still there (${retired.map(({ name }) => name).join(", ")})`;
}

/** @param found its predecessor may be among them */
function aboutComputeEnv(
  name: string,
  found: PlatformComputeEnv[],
  credentialsIds: string[],
): string | undefined {
  if (found.length === 0) return `there is no compute environment ${name}`;
  const broken = found.find(({ status }) => !["AVAILABLE", "CREATING"].includes(status));
  if (broken) return `the compute environment ${broken.name} is ${broken.status}`;
  const stray = found.find(({ credentialsId }) => !credentialsIds.includes(credentialsId ?? ""));
  return stray && `the compute environment ${stray.name} works by other credentials`;
}
