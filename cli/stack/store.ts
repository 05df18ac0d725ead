/** The folder of this machine that a stack's state is kept in. https://www.pulumi.com/docs/iac/concepts/state-and-backends/ */
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { askEngine, readProject, type StackPlace } from "./place.ts";

/** Where the engine keeps a stack's files. */
export interface Store {
  /** Folder of the locks of the stack. */
  locks: string;
  /** The stack's state. */
  state: string;
}

/** Since this version the engine keeps stacks by project. */
const BY_PROJECT = /^version: 1$/m;

/** Undefined where the state is kept elsewhere than in a folder. */
export async function findStore(place: StackPlace): Promise<Store | undefined> {
  // The command is not about a stack, and takes none.
  const answer = await askEngine({ ...place, stack: "" }, ["whoami", "--json"]);
  return findStoreIn(z.object({ url: z.string() }).parse(JSON.parse(answer)).url, place);
}

/** The same where it is known already where states are kept. @param url as `pulumi whoami --json` gives it */
export async function findStoreIn(url: string, place: StackPlace): Promise<Store | undefined> {
  if (!url.startsWith("file://")) return undefined;
  const path = decodeURIComponent(url.slice("file://".length).split("?")[0] ?? "");
  const store = join(resolve(place.folder, path.replace(/^~/, userInfo().homedir)), ".pulumi");
  const meta = await readFile(join(store, "meta.yaml"), "utf8").catch(() => "");
  if (!BY_PROJECT.test(meta)) return undefined;
  const { name } = await readProject(place);
  const stack = place.stack.split("/").at(-1)!;
  return {
    locks: join(store, "locks", "organization", name, stack),
    state: join(store, "stacks", name, `${stack}.json`),
  };
}
