import { Fault } from "./fault.ts";
import type { Workspace } from "./platform.ts";
import type { PreflightRequest } from "./request.ts";
import type { Tools } from "./tools.ts";

/**
 * Before anything is changed: are the tools there, and is the workspace the one that 1Password means?
 * @param expectedId the workspace's id as 1Password has it
 */
export async function preflight(
  { platform }: PreflightRequest,
  { workspace, tools, expectedId }: { workspace: Workspace; tools: Tools; expectedId: string },
): Promise<{ workspaceId: number }> {
  if (String(workspace.id) !== expectedId.trim())
    throw new Fault(`The workspace's id on Seqera Platform is not the one in 1Password.`, {
      got: `${workspace.id} for ${platform.organization}/${platform.workspace} on the Platform`,
      allowed: "the same id in the 1Password item named by AWSMegatests:seqeraItem",
      mend: "correct the item's field in 1Password, or: pulumi config set AWSMegatests:workspace NAME",
    });
  await tools.tw(["--version"]);
  await tools.seqerakit(".", "--version", {});
  return { workspaceId: workspace.id };
}
