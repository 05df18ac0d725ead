/** An access key as IAM lists it. */
export interface ListedKey {
  accessKeyId: string;
  /** RFC 3339. */
  createDate: string;
}

/** When the access key is renewed. */
export interface RotationArgs {
  rotation: "deployment" | "everyDays" | "manual";
  /** Length of a key's time window in days, for `everyDays`. */
  rotationDays: number;
  /** Counted up by hand, for `manual`. */
  rotationSerial: number;
}

/** What a deployment does about the key. */
export interface RotationPlan {
  /** The key is replaced when this differs from the value the state recorded. Never undefined: that would disarm the next rotation. */
  trigger: string;
  /** Two keys exist: the rotation that made the second is finished before another starts, whatever the trigger says. */
  unfinished: boolean;
  /** Ids of the user's keys, the oldest first. */
  keyIds: string[];
  /** Until when a key stays that is not replaced, for people. */
  until: string;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Decides by what exists in AWS when the program starts.
 *
 * The oldest key's id stays the same while a rotation fails again and again, so `deployment` tries only the rest of it
 * again; once the old key is gone another one is the oldest, and the next deployment renews.
 * @param keys undefined while there is no such user
 */
export function planRotation(args: RotationArgs, keys: ListedKey[] | undefined, now: Date): RotationPlan {
  const keyIds = byAge(keys ?? []).map(({ accessKeyId }) => accessKeyId);
  // A user that has lost its key needs one in every mode; the state does not know that it is gone.
  const lost = keys?.length === 0;
  return {
    trigger: lost ? `none:${now.toISOString()}` : triggerOf(args, keyIds, now),
    unfinished: keyIds.length > 1,
    keyIds,
    until: untilOf(args, now),
  };
}

/** In place of a plan where the Platform assumes a role: there is no key. */
export function noRotation(roleName: string): RotationPlan {
  return { trigger: `role:${roleName}`, unfinished: false, keyIds: [], until: "credentialMode is key" };
}

function triggerOf(
  { rotation, rotationDays, rotationSerial }: RotationArgs,
  [oldest]: string[],
  now: Date,
): string {
  switch (rotation) {
    case "deployment":
      return `deployment:${oldest ?? "first"}`;
    case "everyDays":
      return `everyDays:${rotationDays}:${timeWindow(rotationDays, now)}`;
    case "manual":
      return `manual:${rotationSerial}`;
  }
}

function untilOf({ rotation, rotationDays, rotationSerial }: RotationArgs, now: Date): string {
  switch (rotation) {
    case "deployment":
      return "the next deployment";
    case "everyDays":
      return new Date((timeWindow(rotationDays, now) + 1) * rotationDays * DAY).toISOString().slice(0, 10);
    case "manual":
      return `rotationSerial is no longer ${rotationSerial}`;
  }
}

function timeWindow(days: number, now: Date): number {
  return Math.floor(now.getTime() / (days * DAY));
}

/** IAM gives whole seconds: of two keys made in the same one, the smaller id counts as the older, in every run. */
function byAge(keys: ListedKey[]): ListedKey[] {
  return keys.toSorted(
    (a, b) => Date.parse(a.createDate) - Date.parse(b.createDate) || (a.accessKeyId < b.accessKeyId ? -1 : 1),
  );
}
