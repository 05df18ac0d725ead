import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { makeRoom, type Mending } from "./mending.ts";
import type { ReleaseHooks } from "./release.ts";
import type { RotationPlan } from "./rotation.ts";

/** The access key, and what guards it. */
export interface KeyArgs {
  /** The IAM user's name. */
  userName: string;
  /** Whether this deployment renews the key. */
  plan: RotationPlan;
  /** Asked about what earlier, failed deployments have left over. */
  mending: Mending;
  /** What must have succeeded before a key is made. */
  after: pulumi.Resource[];
}

/** The key is made after the rights it needs, and deleted only when the Platform has left it. */
export function renewedKey(
  name: string,
  user: aws.iam.User,
  { userName, plan, mending, after }: KeyArgs,
  release: ReleaseHooks["key"],
  parent: pulumi.Resource,
  attachments: pulumi.Resource[],
): aws.iam.AccessKey {
  if (plan.unfinished) void pulumi.log.warn(unfinishedText(userName, plan.keyIds), parent);
  // The trigger that the key in use was made for, kept in the state: an unfinished rotation goes on with that one.
  const trigger = new pulumi.Stash(
    `${name}-rotation`,
    { input: plan.trigger },
    { parent, ignoreChanges: plan.unfinished ? ["input"] : [] },
  );
  // Only the engine knows whether the recorded trigger differs; it asks this also in a preview.
  let made = false;
  const note = new pulumi.ResourceHook(`${name}-note-key`, () => void (made = true), { onDryRun: true });
  const key = new aws.iam.AccessKey(
    `${name}-key`,
    { user: user.name },
    {
      parent,
      replacementTrigger: trigger.input,
      dependsOn: [...attachments, ...after],
      hooks: {
        beforeCreate: [note],
        beforeDelete: [release],
        onError: [makeRoom(`${name}-make-room`, userName, mending)],
      },
      additionalSecretOutputs: ["secret", "sesSmtpPasswordV4"],
    },
  );
  key.urn.apply(() => void pulumi.log.info(keyText(userName, plan, made), key));
  return key;
}

/** What happens to the key, for an operator who reads a preview; the same each time while nothing changes. */
export function keyText(
  userName: string,
  { keyIds, unfinished, until }: RotationPlan,
  made: boolean,
): string {
  const [oldest] = keyIds;
  if (!made && unfinished)
    return `No new access key for ${userName}: the one of the last rotation is handed over.`;
  if (!made) return `The access key ${oldest ?? "in the state"} of ${userName} stays until ${until}.`;
  if (oldest === undefined)
    return `The first access key of ${userName} is made and handed to Seqera Platform.`;
  return [
    `The access key ${oldest} of ${userName} is renewed: a new one is made, tried on AWS and handed to Seqera Platform,`,
    `where credentials and compute environments keep their ids; ${oldest} is deleted last.`,
  ].join(" ");
}

function unfinishedText(userName: string, keyIds: string[]): string {
  return [
    `The IAM user ${userName} has two access keys, so the last rotation is unfinished: it is finished, and no other is started.`,
    `  keys: ${keyIds.join(" and ")}`,
    `  then: Seqera Platform holds the one that the state knows, and the other is deleted, also if it was made by hand.`,
  ].join("\n");
}
