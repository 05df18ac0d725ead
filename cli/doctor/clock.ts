/** This machine's clock, which AWS's signatures depend on. */
import type { StackConfig } from "../../config.ts";
import { fail, type Finding, notApplicable, pass } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";

/** AWS refuses what is signed further off: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const CLOCK_SECONDS = 300;
/** What is done where AWS does not answer. */
export const REACH = "look whether it can be reached from here, by what proxy";

/** Any answer has the service's time in it, also the refusal of a call that is not signed. */
export async function clock(
  { awsEndpoints, region }: StackConfig,
  { now, milliseconds }: Surroundings,
): Promise<Finding<undefined>> {
  const url = awsEndpoints.sts ?? `https://sts.${region}.amazonaws.com/`;
  const before = now();
  const answer = await fetch(url, { signal: AbortSignal.timeout(milliseconds) }).catch(
    (reason: Error) => reason,
  );
  if (answer instanceof Error) return fail(`AWS does not answer: ${answer.message} (${url})`, REACH);
  await answer.body?.cancel();
  const told = Date.parse(answer.headers.get("date") ?? "");
  if (Number.isNaN(told)) return notApplicable(`${url} does not tell its time`);
  // Whole seconds, of a moment between the question and its answer.
  const off = Math.round(((before + now()) / 2 - told) / 1000);
  const found = `${Math.abs(off)} seconds ${off < 0 ? "behind" : "ahead of"} AWS's`;
  if (Math.abs(off) < CLOCK_SECONDS) return pass(Math.abs(off) <= 1 ? "as AWS's" : found);
  return fail(
    `${found}, which refuses what is signed more than ${CLOCK_SECONDS} seconds off`,
    "sudo timedatectl set-ntp true",
  );
}
