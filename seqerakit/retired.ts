import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { isRetired } from "./apply/names.ts";
import { workspaceById } from "./apply/platform.ts";
import { computeEnvironmentResult, type CredentialsResult } from "./apply/request.ts";
import { address, type SeqeraSecrets, type SeqeraWorkspaceArgs, valueOf } from "./args.ts";

/** Names a compute environment that was replaced or destroyed and stays for its runs: a step that ends well prints nothing. */
export function tellRetired(
  name: string,
  args: SeqeraWorkspaceArgs,
  { token, workspaceId }: SeqeraSecrets,
): pulumi.ResourceHook {
  const tell = async ({ oldOutputs }: pulumi.ResourceHookArgs) => {
    const document: unknown = JSON.parse(String(oldOutputs?.["stdout"]));
    const { computeEnvironmentId } = computeEnvironmentResult.parse(document);
    const workspace = workspaceById(address(args), await valueOf(token), Number(await valueOf(workspaceId)));
    const env = (await workspace.computeEnvs()).find(({ id }) => id === computeEnvironmentId);
    if (!env || !isRetired(env)) return;
    const runs = (await workspace.activeRuns()).filter(({ computeEnvId }) => computeEnvId === env.id);
    warn(env.name, env.id, `runs are active on it: ${runs.map((run) => run.name).join(", ")}`);
  };
  // A hook is called from outside the program: bound, what it says is said to the deployment it belongs to.
  return new pulumi.ResourceHook(name, AsyncResource.bind(tell));
}

/** Names what the credentials' step could not delete. */
export function tellStillThere(retired: CredentialsResult["retired"]): void {
  for (const [name, { id, because }] of Object.entries(retired)) warn(name, id, because);
}

function warn(name: string, id: string, because: string): void {
  void pulumi.log.warn(
    [
      `A compute environment that was replaced is still there: ${name} (${id}).`,
      `  because: ${because}`,
      `  then:    the first deployment that finds it free deletes it; nothing new is launched on it`,
    ].join("\n"),
  );
}
