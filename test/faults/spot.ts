/** A point of failure: one call of a deployment, known by what is asked and how often it was asked before. */
import type { Call } from "../../sandbox/services/faults.ts";

/** Plain JSON. */
export interface Spot {
  /** Place in the recorded run, from 1. Calls side by side change places from run to run; the name does not change. */
  n: number;
  /** Service, method and path, ids as `ID`, and which of the calls like it: `aws iam:CreateAccessKey#1`. */
  name: string;
  method: string;
  /** Regular expression on the path. */
  pattern: string;
  /** From 1. */
  occurrence: number;
}

/** Ids of the Platform, of 1Password, and numbers: other ones in each world. */
const ID = /\/(?:[0-9A-Za-z]{22}|[0-9a-z]{26}|\d{4,})(?=\/|$)/g;

/** The spots of a recorded run, in its order. */
export function spotsOf(calls: Call[]): Spot[] {
  const seen = new Map<string, number>();
  return calls.map(({ service, method, path }, at) => {
    const place = (path.split("?")[0] ?? "").replace(ID, "/ID");
    const call = service === "aws" ? `aws ${place}` : `${service} ${method} ${place}`;
    const occurrence = (seen.get(call) ?? 0) + 1;
    seen.set(call, occurrence);
    const literal = place.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const pattern = `^${literal.replaceAll("/ID", "/[0-9A-Za-z]+")}$`;
    return { n: at + 1, name: `${call}#${occurrence}`, method, pattern, occurrence };
  });
}
