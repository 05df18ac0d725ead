/** Names of compute environments tell which is which: `cpu`, a successor `cpu-1a2b3c4d`, one that was replaced `cpu-retired-4DC7kLm9`. */

/** What a name has to be checked against. */
interface Named {
  id: string;
  name: string;
}

/** The longest name that leaves room for the longest addition within the Platform's 100 characters. */
export const LONGEST_NAME = 100 - "-retired-".length - 8;

/** The second name of a compute environment whose own is taken. */
export function successorName(name: string, fingerprint: string): string {
  return `${name}-${fingerprint.slice(0, 8)}`;
}

/** Whether a compute environment goes by the name, or by the name and a successor's addition. */
export function goesBy(env: Named, name: string): boolean {
  return (
    env.name === name || (env.name.startsWith(name) && /^-[0-9a-f]{8}$/.test(env.name.slice(name.length)))
  );
}

/** What a compute environment is called that was replaced and stays for its runs. */
export function retiredName(name: string, id: string): string {
  return `${name}-retired-${id.slice(0, 8)}`;
}

/** A name cannot be had by chance: it ends in the compute environment's own id. */
export function isRetired({ id, name }: Named): boolean {
  return name.endsWith(retiredName("", id));
}
