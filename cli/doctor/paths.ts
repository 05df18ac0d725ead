/** Where an operator's own programs are looked for. */
import { delimiter } from "node:path";

/** What npm puts in front of PATH for its scripts: folders of packages' commands, then one of its own. */
const NPMS = /[/\\]node_modules[/\\]\.bin$/;
const NPMS_LAST = /[/\\]node-gyp-bin$/;

/**
 * PATH as the operator's shell has it: what an npm script sees first is npm's, and `pulumi up` typed in that shell will not.
 * https://docs.npmjs.com/cli/using-npm/scripts#path
 */
export function operatorsPath(path: string): string {
  const folders = path.split(delimiter);
  const last = folders.findIndex((folder) => !NPMS.test(folder));
  return NPMS_LAST.test(folders[last] ?? "") ? folders.slice(last + 1).join(delimiter) : path;
}
