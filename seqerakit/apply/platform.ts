import { z } from "zod";
import { Fault } from "./fault.ts";
import { caller, Unanswered } from "./http.ts";
import type { AccessKey } from "./probe.ts";
import type { PlatformAddress } from "./request.ts";
import { type ActiveRun, activeRuns } from "./runs.ts";

const workspaces = z.object({
  orgsAndWorkspaces: z.array(
    z.object({ orgName: z.string(), workspaceId: z.number().nullish(), workspaceName: z.string().nullish() }),
  ),
});
const credentials = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.string(),
  status: z.string().nullish(),
  message: z.string().nullish(),
  keys: z
    .object({
      accessKey: z.string().nullish(),
      assumeRoleArn: z.string().nullish(),
      externalId: z.string().nullish(),
      mode: z.string().nullish(),
    })
    .nullish(),
});
const computeEnv = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  credentialsId: z.string().nullish(),
  message: z.string().nullish(),
  description: z.string().nullish(),
  primary: z.boolean().nullish(),
});
const described = z.object({
  computeEnv: z.object({
    config: z.record(z.string(), z.unknown()),
    labels: z
      .array(z.object({ name: z.string(), value: z.string().nullish(), isDefault: z.boolean().nullish() }))
      .nullish(),
  }),
});
const validation = z.object({
  status: z.string(),
  message: z.string().nullish(),
  transientError: z.boolean().nullish(),
});

/** Credentials as the Platform shows them: never the secret. */
export type PlatformCredentials = z.infer<typeof credentials>;
export type PlatformComputeEnv = z.infer<typeof computeEnv>;
/** What a validation found; the status is the stored one where the Platform could not reach the cloud provider. */
export type Validation = z.infer<typeof validation>;

/** What cannot be listed of a compute environment: AWS Batch configuration, as the API gives it, and labels. */
export type PlatformComputeEnvDetails = z.infer<typeof described>["computeEnv"];
/** What can be edited of a compute environment; what is left out stays. */
export interface ComputeEnvEdit {
  name?: string;
  description?: string;
  credentialsId?: string;
}

/** What is read of a workspace, and what `tw` has no command for. Each call is safe to repeat. */
export interface Workspace {
  id: number;
  credentials(): Promise<PlatformCredentials[]>;
  computeEnvs(): Promise<PlatformComputeEnv[]>;
  computeEnv(id: string): Promise<PlatformComputeEnvDetails>;
  activeRuns(): Promise<ActiveRun[]>;
  /** Undefined where this Platform offers no validation. */
  validateCredentials(id: string): Promise<Validation | undefined>;
  /** Undefined where this Platform offers no validation. */
  validateComputeEnv(id: string): Promise<Validation | undefined>;
  editComputeEnv(id: string, edit: ComputeEnvEdit): Promise<void>;
  /** Lets runs be launched on a compute environment, or no more; those under way go on. */
  switchComputeEnv(id: string, to: "enable" | "disable"): Promise<void>;
  /** Gives credentials their name back, and the key with it: the API takes the two together only. */
  nameCredentials(id: string, name: string, key: AccessKey): Promise<void>;
  /** The external id of credentials; undefined where the Platform has made up none. */
  externalId(credentialsId: string): Promise<string | undefined>;
  /**
   * Gives credentials their name and their role back. They keep their external id, which the Platform makes up once, as
   * the guide "AWS Credentials with IAM Role and External ID" of Seqera's Terraform provider says.
   */
  restoreRole(credentialsId: string, name: string, roleArn: string): Promise<void>;
}

/**
 * Finds the workspace by its exact name.
 * @throws Fault when the token is refused, the workspace is not among the token's, or the Platform does not answer
 */
export async function openWorkspace(address: PlatformAddress, token: string): Promise<Workspace> {
  const call = caller(address, token);
  const { user } = await call("get", "user-info", z.object({ user: z.object({ id: z.number() }) }));
  const { orgsAndWorkspaces } = await call("get", `user/${user.id}/workspaces`, workspaces);
  const found = orgsAndWorkspaces.find(
    ({ orgName, workspaceName }) => orgName === address.organization && workspaceName === address.workspace,
  );
  const id = found?.workspaceId;
  if (id === undefined || id === null) throw unknownWorkspace(address, orgsAndWorkspaces);
  return workspaceById(address, token, id);
}

/** The workspace whose id is known, and was proven by a preflight: the look-up's two calls are saved. */
export function workspaceById(address: PlatformAddress, token: string, id: number): Workspace {
  const call = caller(address, token);
  const at = { searchParams: { workspaceId: id } };
  const unless = (status: number) => (reason: unknown) => {
    if (reason instanceof Unanswered && reason.status === status) return undefined;
    throw reason;
  };
  const tell = async (method: "post" | "put", path: string, json?: unknown) =>
    void (await call(method, path, z.unknown(), { ...at, json }));
  return {
    id,
    credentials: async () =>
      (await call("get", "credentials", z.object({ credentials: z.array(credentials) }), at)).credentials,
    computeEnvs: async () =>
      (await call("get", "compute-envs", z.object({ computeEnvs: z.array(computeEnv) }), at)).computeEnvs,
    computeEnv: async (envId) => {
      const searchParams = { ...at.searchParams, attributes: "labels" };
      return (await call("get", `compute-envs/${envId}`, described, { searchParams })).computeEnv;
    },
    activeRuns: () => activeRuns(call, id),
    validateCredentials: (credentialsId) =>
      call("post", `credentials/${credentialsId}/validate`, validation, at).catch(unless(405)),
    validateComputeEnv: (envId) =>
      call("post", `compute-envs/${envId}/validate`, validation, { ...at, json: {} }).catch(unless(405)),
    editComputeEnv: (envId, edit) => tell("put", `compute-envs/${envId}`, edit),
    // A repeated call finds it switched already, which the API refuses.
    switchComputeEnv: (envId, to) => tell("post", `compute-envs/${envId}/${to}`).catch(unless(400)),
    nameCredentials: (credentialsId, name, { accessKeyId: accessKey, secretAccessKey: secretKey }) =>
      tell("put", `credentials/${credentialsId}`, {
        credentials: {
          ...{ id: credentialsId, name, provider: "aws" },
          keys: { discriminator: "aws", accessKey, secretKey },
        },
      }),
    externalId: async (credentialsId) => {
      const described = z.object({ credentials });
      const { keys } = (await call("get", `credentials/${credentialsId}`, described, at)).credentials;
      return keys?.externalId ?? undefined;
    },
    restoreRole: async (credentialsId, name, assumeRoleArn) => {
      const keys = { discriminator: "aws", mode: "role", assumeRoleArn };
      await call("put", `credentials/${credentialsId}`, z.unknown(), {
        searchParams: { ...at.searchParams, useExternalId: "true" },
        json: { credentials: { id: credentialsId, name, provider: "aws", keys } },
      });
    },
  };
}

function unknownWorkspace(
  { organization, workspace }: PlatformAddress,
  all: z.infer<typeof workspaces>["orgsAndWorkspaces"],
): Fault {
  const names = all
    .filter((each) => each.workspaceName)
    .map((each) => `${each.orgName}/${each.workspaceName}`);
  return new Fault("Seqera Platform shows no such workspace to this token.", {
    got: `${organization}/${workspace}`,
    allowed: names.join(", ") || "none: the token sees no workspace",
    mend: "pulumi config set AWSMegatests:workspace NAME (and AWSMegatests:organization), or use another token",
  });
}
