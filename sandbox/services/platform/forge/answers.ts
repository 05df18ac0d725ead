/** How Forge takes AWS's answers: what is not there, what is not ready yet, what went wrong beside other work. */
import { setTimeout as sleep } from "node:timers/promises";

/** AWS has made all there is to make, and it is not usable. */
export class ForgeFailure extends Error {}

/** Minutes on AWS; where AWS is imitated, everything is ready at once. */
const READY_WITHIN_MILLISECONDS = 60_000;
const FIRST_PAUSE_MILLISECONDS = 50;
const LONGEST_PAUSE_MILLISECONDS = 2000;

/** @returns undefined where AWS says that there is none, by one of these error names */
export async function unlessMissing<T>(names: string[], answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: Error) => {
    if (names.includes(error.name)) return undefined;
    throw error;
  });
}

/**
 * Asks until there is an answer other than undefined.
 * @throws ForgeFailure when there is none within a minute
 */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + READY_WITHIN_MILLISECONDS;
  for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new ForgeFailure(`${what} within ${READY_WITHIN_MILLISECONDS / 1000} s`);
    await sleep(pause);
  }
}

/** As `Promise.all`, and waits for all where one fails: what is cleared away then must not still be in the making. */
export async function together<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
