/** Who in the sandbox itself calls AWS. Faults that are meant for a deployment leave these calls alone. */

/** The watch over invariant 1, and the imitated Platform with the keys it holds. */
export type Caller = "prober" | "platform";

/** For the SDK's `customUserAgent`: the word by which a caller's requests are known. */
export const MARKS: Record<Caller, string> = {
  prober: "sandbox-prober",
  platform: "sandbox-platform",
};

/** @returns undefined when it is none of the sandbox's own: then it is the deployment's, or a person's */
export function callerOf(userAgent: string | undefined): Caller | undefined {
  const words = userAgent?.split(" ") ?? [];
  return (Object.keys(MARKS) as Caller[]).find((caller) => words.includes(MARKS[caller]));
}
