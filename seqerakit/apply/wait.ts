import { setTimeout as sleep } from "node:timers/promises";

/** How long to look for something, and how often. */
export interface Patience {
  /** Seconds after which the last look counts. */
  limitSeconds: number;
  /** Milliseconds between two looks. */
  pollMilliseconds: number;
}

/**
 * Looks until there is an answer.
 * @param look gives undefined while there is none
 * @param late makes the error that is thrown at the limit
 */
export async function until<T>(
  { limitSeconds, pollMilliseconds }: Patience,
  look: () => Promise<T | undefined>,
  late: () => Error,
): Promise<T> {
  const end = Date.now() + limitSeconds * 1000;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (Date.now() >= end) throw late();
    await sleep(pollMilliseconds);
  }
}
