import { openWorkspace } from "./apply/platform.ts";
import { release } from "./apply/release.ts";
import type { ReleaseRequest } from "./apply/request.ts";
import { address, type SeqeraArgs, type SeqeraSecrets, type SeqeraWorkspaceArgs, valueOf } from "./args.ts";
import { type NameArgs, nameOfCredentials } from "./names.ts";

/** Ids of the access keys that credentials of the workspace hold, each with these credentials' name and id. */
export function heldKeys(args: SeqeraWorkspaceArgs, { token }: SeqeraSecrets) {
  return async (): Promise<Record<string, string>> => {
    const all = await (await openWorkspace(address(args), await valueOf(token))).credentials();
    return Object.fromEntries(
      all.flatMap(({ id, name, keys }) => (keys?.accessKey ? [[keys.accessKey, `${name} (${id})`]] : [])),
    );
  };
}

/**
 * Throws while any credentials of the workspace hold the access key, or assume the role, and while the stack's own do not
 * work without it.
 */
export function releaseCheck(
  args: SeqeraWorkspaceArgs & NameArgs & Pick<SeqeraArgs, "pollMilliseconds">,
  { token }: SeqeraSecrets,
) {
  return async (held: ReleaseRequest["held"]): Promise<void> => {
    const { pollMilliseconds } = args;
    const platform = address(args);
    const workspace = await openWorkspace(platform, await valueOf(token));
    const credentialsName = nameOfCredentials(args);
    await release({ platform, credentialsName, held, pollMilliseconds }, workspace);
  };
}
