import ky, { HTTPError, type KyInstance } from "ky";
import { z } from "zod";
import { Fault } from "./fault.ts";
import type { PlatformAddress } from "./request.ts";

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
  keys: z.object({ accessKey: z.string().nullish() }).nullish(),
});
const computeEnv = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  credentialsId: z.string().nullish(),
  message: z.string().nullish(),
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

/** What is read of a workspace, and the validations the Platform is asked for. Each call is safe to repeat. */
export interface Workspace {
  id: number;
  credentials(): Promise<PlatformCredentials[]>;
  computeEnvs(): Promise<PlatformComputeEnv[]>;
  /** The AWS Batch configuration of a compute environment, as the API gives it. */
  computeEnvConfig(id: string): Promise<Record<string, unknown>>;
  /** Undefined where this Platform offers no validation. */
  validateCredentials(id: string): Promise<Validation | undefined>;
  /** Undefined where this Platform offers no validation. */
  validateComputeEnv(id: string): Promise<Validation | undefined>;
}

/**
 * Finds the workspace by its exact name.
 * @throws Fault when the token is refused, the workspace is not among the token's, or the Platform does not answer
 */
export async function openWorkspace(address: PlatformAddress, token: string): Promise<Workspace> {
  const call = caller(address.endpoint, token);
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
export function workspaceById({ endpoint }: PlatformAddress, token: string, id: number): Workspace {
  const call = caller(endpoint, token);
  const at = { searchParams: { workspaceId: id } };
  const offered = (reason: unknown) => {
    if (reason instanceof Unanswered && reason.status === 405) return undefined;
    throw reason;
  };
  return {
    id,
    credentials: async () =>
      (await call("get", "credentials", z.object({ credentials: z.array(credentials) }), at)).credentials,
    computeEnvs: async () =>
      (await call("get", "compute-envs", z.object({ computeEnvs: z.array(computeEnv) }), at)).computeEnvs,
    computeEnvConfig: async (envId) => {
      const shape = z.object({ computeEnv: z.object({ config: z.record(z.string(), z.unknown()) }) });
      return (await call("get", `compute-envs/${envId}`, shape, at)).computeEnv.config;
    },
    validateCredentials: (credentialsId) =>
      call("post", `credentials/${credentialsId}/validate`, validation, at).catch(offered),
    validateComputeEnv: (envId) =>
      call("post", `compute-envs/${envId}/validate`, validation, { ...at, json: {} }).catch(offered),
  };
}

/** The Platform's refusal, or its silence. */
class Unanswered extends Fault {
  readonly status: number | undefined;
  constructor(what: string, details: { got: string; mend: string }, status?: number) {
    super(what, details);
    this.status = status;
  }
}

/** One call is given half a minute, and up to five more tries; Retry-After is obeyed up to a minute. */
function caller(endpoint: string, token: string) {
  const http: KyInstance = ky.create({
    prefixUrl: endpoint,
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    timeout: 30_000,
    retry: {
      limit: 5,
      methods: ["get", "post"],
      statusCodes: [408, 429, 500, 502, 503, 504],
      maxRetryAfter: 60_000,
      backoffLimit: 10_000,
      jitter: true,
      retryOnTimeout: true,
    },
  });
  return async <T>(
    method: "get" | "post",
    path: string,
    shape: z.ZodType<T>,
    options: { searchParams?: Record<string, number>; json?: unknown } = {},
  ): Promise<T> => {
    const label = `${method.toUpperCase()} /${path}`;
    const answer = await http[method](path, options)
      .json()
      .catch(async (reason: unknown) => {
        throw await unanswered(label, endpoint, reason);
      });
    const parsed = shape.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new Fault(`Seqera Platform's answer to ${label} is not what its API describes.`, {
      got: z.prettifyError(parsed.error),
      allowed: "an answer as in API 1.187.0 or later",
    });
  };
}

async function unanswered(label: string, endpoint: string, reason: unknown): Promise<Error> {
  if (!(reason instanceof HTTPError))
    return new Unanswered(`Seqera Platform does not answer ${label}.`, {
      got: reason instanceof Error ? `${reason.message} (${endpoint})` : String(reason),
      mend: "pulumi up, once the Platform can be reached from here",
    });
  const { status } = reason.response;
  const body: unknown = await reason.response.json().catch(() => undefined);
  const message =
    z.object({ message: z.string() }).safeParse(body).data?.message ?? reason.response.statusText;
  return new Unanswered(
    `Seqera Platform refuses ${label}.`,
    {
      got: `${status} ${message}`.trim(),
      mend:
        status === 401 || status === 403
          ? "put a token with the workspace's Maintain or Admin role into the 1Password item of Seqera, then: pulumi up"
          : "pulumi up, once the Platform is well again",
    },
    status,
  );
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
