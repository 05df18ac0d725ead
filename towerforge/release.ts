import * as pulumi from "@pulumi/pulumi";

/** What Seqera Platform works with. */
export type Held = { accessKeyId: string } | { roleArn: string };

/** Tells whether an access key or a role may be deleted; throws when Seqera Platform may still be using it. */
export type ReleaseCheck = (held: Held) => Promise<void>;

/** Asked before an access key, or a role, is deleted. */
export type ReleaseHooks = Record<"key" | "role", pulumi.ResourceHook>;

/**
 * Both, whatever the mode: what the other mode has left is deleted once this one's is proven, and the engine refuses to
 * delete what has a hook that the program does not know.
 */
export function releaseHooks(name: string, mayRelease: ReleaseCheck): ReleaseHooks {
  return {
    key: new pulumi.ResourceHook(`${name}-release-key`, ({ oldOutputs, id }) =>
      mayRelease({ accessKeyId: String(oldOutputs?.["id"] ?? id) }),
    ),
    role: new pulumi.ResourceHook(`${name}-release-role`, ({ oldOutputs }) =>
      mayRelease({ roleArn: String(oldOutputs?.["arn"]) }),
    ),
  };
}
