/** Where an operator's own programs are looked for. */
import { delimiter } from "node:path";

/** The last folder that npm puts in front of PATH for its scripts. */
const NPMS_LAST = /[/\\]node-gyp-bin$/;

/**
 * PATH as the operator's shell has it: what an npm script sees first is npm's, and `pulumi up` typed in that shell will not.
 * https://docs.npmjs.com/cli/using-npm/scripts#path
 */
export function operatorsPath({
  PATH = "",
  npm_lifecycle_event: script,
}: Record<string, string | undefined>): string {
  if (script === undefined) return PATH;
  const folders = PATH.split(delimiter);
  return folders.slice(folders.findIndex((folder) => NPMS_LAST.test(folder)) + 1).join(delimiter);
}
