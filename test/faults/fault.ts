/** What can happen to one call of a deployment. */
import type { FaultRule } from "../../sandbox/services/fault-rule.ts";
import type { Spot } from "./spot.ts";

type Hit = Omit<FaultRule, "service" | "method" | "path" | "skip">;

/** Longer than the limit that the matrix gives to one call, so that whoever has a limit reaches it first. */
const UNANSWERED_MILLISECONDS = 2500;

const HITS = {
  "500": { kind: "status", status: 500 },
  "429": { kind: "status", status: 429, retryAfterSeconds: 1 },
  "drop-before": { kind: "drop-before" },
  "drop-after": { kind: "drop-after" },
  "time-out": { kind: "hang", milliseconds: UNANSWERED_MILLISECONDS },
  "kill-before": { kind: "signal-before" },
  "kill-after": { kind: "signal-after" },
} satisfies Record<string, Hit>;

/**
 * - `500`, `429`: answered so (429 with Retry-After), not handled
 * - `drop-before`, `drop-after`: connection lost before the request is handled, or with the answer
 * - `time-out`: no answer for longer than a call may take
 * - `kill-before`, `kill-after`: engine and program killed before the call is handled, or after it took effect
 */
export type Fault = keyof typeof HITS;

/** All of them, in the order of the matrix's columns. */
export const FAULTS: Fault[] = [
  "500",
  "429",
  "drop-before",
  "drop-after",
  "time-out",
  "kill-before",
  "kill-after",
];

/** Whether the engine does not live through it. */
export function kills(fault: Fault): boolean {
  return HITS[fault].kind.startsWith("signal-");
}

/** The fault at that spot, once. */
export function ruleOf(fault: Fault, { method, pattern, occurrence }: Spot): FaultRule {
  return { service: "any", method, path: pattern, skip: occurrence - 1, ...HITS[fault] };
}
