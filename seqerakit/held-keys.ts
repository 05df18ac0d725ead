import type { SeqeraSecrets, SeqeraWorkspaceArgs } from "./index.ts";
import { openWorkspace } from "./apply/platform.ts";

/** Ids of the access keys that credentials of the workspace hold, each with these credentials' name and id. */
export function heldKeys(args: SeqeraWorkspaceArgs, { token }: SeqeraSecrets) {
  return async (): Promise<Record<string, string>> => {
    const value = await new Promise<string>((resolve) => token.apply(resolve));
    const { platformEndpoint: endpoint, organization, workspace } = args;
    const all = await (await openWorkspace({ endpoint, organization, workspace }, value)).credentials();
    return Object.fromEntries(
      all.flatMap(({ id, name, keys }) => (keys?.accessKey ? [[keys.accessKey, `${name} (${id})`]] : [])),
    );
  };
}
