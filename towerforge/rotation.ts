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
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Decides by what exists in AWS when the program starts.
 *
 * The oldest key's id stays the same while a rotation fails again and again, so `deployment` tries only the rest of it
 * again; once the old key is gone another one is the oldest, and the next deployment renews.
 */
export function planRotation(args: RotationArgs, keys: ListedKey[], now: Date): RotationPlan {
  return {
    trigger: triggerOf(args, keys, now),
    unfinished: keys.length > 1,
    keyIds: byAge(keys).map(({ accessKeyId }) => accessKeyId),
  };
}

function triggerOf(
  { rotation, rotationDays, rotationSerial }: RotationArgs,
  keys: ListedKey[],
  now: Date,
): string {
  switch (rotation) {
    case "deployment":
      return `deployment:${byAge(keys)[0]?.accessKeyId ?? "first"}`;
    case "everyDays":
      return `everyDays:${rotationDays}:${Math.floor(now.getTime() / (rotationDays * DAY))}`;
    case "manual":
      return `manual:${rotationSerial}`;
  }
}

/** IAM gives whole seconds: of two keys made in the same one, the smaller id counts as the older, in every run. */
function byAge(keys: ListedKey[]): ListedKey[] {
  return keys.toSorted(
    (a, b) => Date.parse(a.createDate) - Date.parse(b.createDate) || (a.accessKeyId < b.accessKeyId ? -1 : 1),
  );
}
