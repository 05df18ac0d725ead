import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { Found, Iam } from "./iam.ts";
import type { RotationPlan } from "./rotation.ts";

/** Ids of the access keys that Seqera Platform's credentials hold, each with who holds it, e.g. `tower-aws (4DC7…)`. */
export type HeldKeys = () => Promise<Record<string, string>>;

/** What mending asks. */
export interface Mending {
  iam: () => Promise<Iam>;
  heldKeys: HeldKeys;
}

/**
 * Deletes the access keys of the user that nobody holds. Such a key is left over where the answer that carried it was
 * lost: nobody has its secret. A key that the Platform holds stays, whatever else is known of it.
 * @param kept stays too
 * @returns ids of the deleted keys
 */
export async function deleteUnheldKeys(
  user: string,
  mending: Mending,
  kept: string[] = [],
): Promise<string[]> {
  const iam = await mending.iam();
  const [keyIds, held] = await Promise.all([iam.keyIds(user), mending.heldKeys()]);
  const unheld = keyIds.filter((id) => !kept.includes(id) && !(id in held));
  for (const id of unheld) {
    void pulumi.log.warn(
      `The access key ${id} of ${user} is deleted: neither Seqera Platform nor the state works with it.`,
    );
    await iam.deleteKey(user, id);
  }
  return unheld;
}

/**
 * What is left to do once the Platform works with a key: the other one of an unfinished rotation goes, unless the
 * engine will delete it.
 */
export function keepOneKey(user: string, { unfinished }: RotationPlan, mending: Mending) {
  return async (pushed: { accessKeyId: string; formerAccessKeyId: string | undefined }): Promise<void> => {
    const kept = [pushed.accessKeyId, pushed.formerAccessKeyId ?? pushed.accessKeyId];
    if (unfinished) await deleteUnheldKeys(user, mending, kept);
  };
}

/** Makes room for a new key where keys that nobody holds take both of the two places IAM has. */
export function makeRoom(name: string, user: string, mending: Mending): pulumi.ErrorHook {
  return retryWhen(name, /LimitExceeded/, async (answered) => {
    if ((await deleteUnheldKeys(user, mending)).length > 0) return true;
    const held = await mending.heldKeys();
    const keyIds = await (await mending.iam()).keyIds(user);
    throw new Error(
      [
        `The IAM user has two access keys already, and Seqera Platform works with both of them, so none is deleted.`,
        `  got:      ${keyIds.map((id) => `${id} in ${held[id] ?? "no credentials"}`).join(", ")}`,
        `  allowed:  one of the two in credentials on the Platform`,
        `  mend:     tw credentials delete -i ID, of those that no compute environment uses; then: pulumi up`,
        `  answered: ${answered}`,
      ].join("\n"),
    );
  });
}

/** What a half-made resource of this stack is found, known and removed by. */
export interface HalfMade {
  /** E.g. `IAM user TowerForge`. */
  what: string;
  /** With these it was made. */
  tags: Record<string, string>;
  find(iam: Iam): Promise<Found | undefined>;
  remove(iam: Iam): Promise<void>;
  /** The setting that would name another one, e.g. `userName`. */
  setting: string;
}

/**
 * Removes what an earlier try has made and whose answer was lost, so that it can be made again. It is known by all its
 * tags, which name project and stack, and by nothing depending on it; anything else is somebody's, and stays.
 */
export function makeAgain(name: string, half: HalfMade, mending: Mending): pulumi.ErrorHook {
  return retryWhen(name, /EntityAlreadyExists/, async (answered) => {
    const iam = await mending.iam();
    const found = await half.find(iam);
    if (!found) return true;
    const ours = Object.entries(half.tags).every(([key, value]) => found.tags[key] === value);
    if (ours && found.dependants === 0) {
      await half.remove(iam);
      return true;
    }
    throw new Error(
      [
        `The ${half.what} exists already, and is in use or was not made by this stack, so it is left alone.`,
        `  got:      ${found.arn}, tags ${JSON.stringify(found.tags)}, depended on by ${found.dependants}`,
        `  allowed:  none of that name, or one with this stack's tags that nothing depends on`,
        `  mend:     pulumi config set ${pulumi.getProject()}:${half.setting} ANOTHER, or delete it in AWS; then: pulumi up`,
        `  answered: ${answered}`,
      ].join("\n"),
    );
  });
}

/** Only a failed creation is mended, and never in a preview. */
function retryWhen(
  name: string,
  refusal: RegExp,
  mend: (answered: string) => Promise<boolean>,
): pulumi.ErrorHook {
  // A hook is called from outside the program: bound, it knows all the same which deployment it belongs to.
  const mendIfAsked = AsyncResource.bind(
    async ({ failedOperation, errors: [last = ""] }: pulumi.ErrorHookArgs) => {
      if (failedOperation !== "create" || !refusal.test(last) || pulumi.runtime.isDryRun()) return false;
      return mend(last.split("\n")[0] ?? "");
    },
  );
  return new pulumi.ErrorHook(name, mendIfAsked);
}
