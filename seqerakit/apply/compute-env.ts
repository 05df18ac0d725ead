import { randomBytes } from "node:crypto";
import { stringify } from "yaml";
import { Fault } from "./fault.ts";
import { nameToKeep, place } from "./place.ts";
import type { ComputeEnvEdit, PlatformComputeEnv, Workspace } from "./platform.ts";
import { inPrivateFolder } from "./private-folder.ts";
import { withMark } from "./remove-compute-env.ts";
import type {
  ComputeEnvironmentRequest,
  ComputeEnvironmentResult,
  ComputeEnvironmentSpec,
} from "./request.ts";
import type { Tools } from "./tools.ts";
import { proveComputeEnv } from "./validate.ts";
import { until } from "./wait.ts";

/** What the steps on compute environments work with. */
export interface ComputeEnvContext {
  workspace: Workspace;
  tools: Tools;
  /** What the step printed after the last deployment; undefined when it is to be made. */
  former: ComputeEnvironmentResult | undefined;
}

/**
 * Sees to it that the compute environment exists, is called and described as asked, works by the stack's credentials,
 * and is AVAILABLE. Where it does not exist, seqerakit makes it.
 */
export async function applyComputeEnv(
  request: ComputeEnvironmentRequest,
  context: ComputeEnvContext,
): Promise<ComputeEnvironmentResult> {
  const { workspace, tools, former } = context;
  const { spec } = request;
  const [credentialsId, envs] = await Promise.all([
    idOfCredentials(request.credentialsName, workspace),
    workspace.computeEnvs(),
  ]);
  const around = { credentialsId, envs };
  const own = envs.find(({ id, status }) => id === former?.computeEnvironmentId && stands(status));
  const { name, found } = own
    ? { name: nameToKeep(own, spec, around), found: own }
    : await place(request, around, context);
  if (!found) await make({ ...spec, name }, request.credentialsName, tools);

  const env = await settled(
    name,
    (each) => (found ? each.id === found.id : each.name === name),
    request,
    workspace,
  );
  // Another command may have made what is found: should that be one that is about to be replaced, it is told by this.
  const mark = own ? former?.mark : found && randomBytes(4).toString("hex");
  await edit(env, { name, description: withMark(spec.description, mark), credentialsId }, workspace);
  if (env.status === "DISABLED") await workspace.switchComputeEnv(env.id, "enable");
  // The Platform calls one that it has just made AVAILABLE because it has seen it work.
  if (found)
    await proveComputeEnv(
      workspace,
      { ...env, name },
      {
        limitSeconds: request.computeEnvironmentSeconds,
        pollMilliseconds: request.pollMilliseconds,
      },
    );
  if (spec.primary && !env.primary) await tools.tw(["compute-envs", "primary", "set", "-i", env.id]);
  return { computeEnvironmentId: env.id, name, status: "AVAILABLE", ...(mark && { mark }) };
}

/** Whether one in that state is kept; what has failed or goes away is made anew. */
function stands(status: string): boolean {
  return !["ERRORED", "DELETING", "DELETED"].includes(status);
}

async function idOfCredentials(name: string, workspace: Workspace): Promise<string> {
  const named = (await workspace.credentials()).filter(
    (each) => each.name === name && each.provider === "aws",
  );
  if (named.length === 1 && named[0]) return named[0].id;
  throw new Fault("The compute environment's credentials are not to be told apart on Seqera Platform.", {
    got: named.length === 0 ? "none of that name" : named.map(({ id }) => id).join(", "),
    allowed: `one set of AWS credentials named ${name}`,
    mend:
      named.length === 0 ? "pulumi up" : "delete or rename the others on Seqera Platform; then: pulumi up",
  });
}

/** Description and primary are set afterwards: the one is no option of `tw compute-envs import`, the other needs it AVAILABLE. */
async function make(
  { name, labels, config }: ComputeEnvironmentSpec,
  credentials: string,
  tools: Tools,
): Promise<void> {
  await inPrivateFolder(async (folder) => {
    await folder.write("compute-env.json", JSON.stringify(config));
    const rendered = {
      name,
      workspace: "$TOWER_ORGANIZATION/$TOWER_WORKSPACE",
      credentials: "$TOWER_CREDENTIALS",
      "file-path": "./compute-env.json",
      ...(labels.length > 0 && { labels: labels.join(",") }),
      on_exists: "ignore",
    };
    await folder.write("compute-env.yml", stringify({ "compute-envs": [rendered] }));
    await tools.seqerakit(folder.path, "compute-env.yml", { TOWER_CREDENTIALS: credentials });
  });
}

/** Waits until the compute environment is made. */
async function settled(
  name: string,
  isIt: (env: PlatformComputeEnv) => boolean,
  { computeEnvironmentSeconds, pollMilliseconds }: ComputeEnvironmentRequest,
  workspace: Workspace,
): Promise<PlatformComputeEnv> {
  let last: PlatformComputeEnv | undefined;
  const failed = () =>
    new Fault(`The compute environment ${name} was not made.`, {
      got: last ? `${last.status}${last.message ? `: ${last.message}` : ""}` : "nothing of that name",
      allowed: `AVAILABLE within ${computeEnvironmentSeconds} seconds`,
      mend: "put right what the Platform names; then: pulumi up",
    });
  return until(
    { limitSeconds: computeEnvironmentSeconds, pollMilliseconds },
    async () => {
      last = (await workspace.computeEnvs()).find(isIt);
      if (!last || !stands(last.status)) throw failed();
      // One that turned INVALID earlier is tried again by its validation, one that was DISABLED is enabled.
      return last.status === "CREATING" ? undefined : last;
    },
    failed,
  );
}

/** Tells the Platform only what it does not have yet. */
async function edit(env: PlatformComputeEnv, wanted: ComputeEnvEdit, workspace: Workspace): Promise<void> {
  const different = Object.entries(wanted).filter(
    ([key, value]) => value !== undefined && env[key as keyof ComputeEnvEdit] !== value,
  );
  if (different.length > 0) await workspace.editComputeEnv(env.id, Object.fromEntries(different));
}
