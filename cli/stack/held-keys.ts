/** Access keys that credentials on Seqera Platform hold. */
import type { PlatformCredentials } from "../../seqerakit/index.ts";

/** A key in credentials of the workspace. */
export interface HeldKey {
  accessKeyId: string;
  /** Name and id of the credentials, e.g. `tower-aws (4fGh)`. */
  by: string;
  /** Whether the credentials have the name of the stack's. */
  own: boolean;
}

/** Of all credentials those that hold a key: a role has none. @param ownName of the stack's credentials */
export function heldKeys(
  credentials: Pick<PlatformCredentials, "id" | "name" | "keys">[],
  ownName: string,
): HeldKey[] {
  return credentials.flatMap(({ id, name, keys }) =>
    keys?.accessKey ? [{ accessKeyId: keys.accessKey, by: `${name} (${id})`, own: name === ownName }] : [],
  );
}
