/** This machine's clock, which AWS's signatures depend on. */
import type { StackConfig } from "../../config.ts";
import { ask, type Asked } from "./ask.ts";
import { fail, type Finding, notApplicable, pass } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";

/** AWS refuses what is signed further off: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const CLOCK_SECONDS = 300;
/** Of partitions whose hosts have another domain. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const DOMAINS: Record<string, string> = { cn: "amazonaws.com.cn" };

/** Where STS is asked. */
export function stsUrl({ awsEndpoints, region }: Pick<StackConfig, "awsEndpoints" | "region">): string {
  const domain = DOMAINS[region.split("-")[0] ?? ""] ?? "amazonaws.com";
  return awsEndpoints.sts ?? `https://sts.${region}.${domain}/`;
}

/** How a service of AWS is spoken of. @param name e.g. `AWS STS` */
export function awsService(name: string, { awsEndpoints }: Pick<StackConfig, "awsEndpoints">): Asked {
  const setting = Object.keys(awsEndpoints).length > 0 ? "AWSMegatests:awsEndpoints" : "aws:region";
  return {
    service: name,
    reach: `look whether it can be reached from here, by what proxy; its address follows from ${setting}`,
  };
}

/** Any answer has the service's time in it, also the refusal of a call that is not signed. */
export async function clock(
  config: StackConfig,
  { now, milliseconds }: Surroundings,
): Promise<Finding<undefined>> {
  const url = stsUrl(config);
  const before = now();
  // AWS answers with a redirection to a page about it: that is an answer, too.
  const question = fetch(url, { method: "HEAD", redirect: "manual" });
  const answer = await ask(awsService(`AWS STS (${url})`, config), milliseconds, question);
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
