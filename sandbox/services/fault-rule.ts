/** A fault on request: what it is, and the check of what came in over the control API. */
import { z } from "zod";
import type { ServiceName } from "./service.ts";

/** One fault to inject: which calls it takes, and what happens to them. */
export interface FaultRule {
  /** `any` is every call of a deployment, at whichever service; those of the prober and of the imitated Platform are not. */
  service: ServiceName | "any";
  /** HTTP method. @default any */
  method?: string;
  /** Regular expression on the path, without the query. @default any */
  path?: string;
  /** So many matching calls pass first. @default 0 */
  skip?: number;
  /** So many calls are hit, then the rule is spent. @default 1 */
  times?: number;
  /**
   * - `status`: answered with `status`, not handled
   * - `delay`: handled `milliseconds` later
   * - `drop-before`: connection closed, not handled
   * - `drop-after`: handled, connection closed instead of the answer
   * - `hang`: not handled, never answered; the connection is closed after `milliseconds`
   * - `signal-before`: process group killed, not handled
   * - `signal-after`: handled, process group killed instead of the answer
   */
  kind: "status" | "delay" | "drop-before" | "drop-after" | "hang" | "signal-before" | "signal-after";
  /** For `status`: the HTTP status. */
  status?: number;
  /** For `status`: the Retry-After header. @default no header */
  retryAfterSeconds?: number;
  /** For `delay` and `hang`: how long. @default for `hang`: the connection stays open */
  milliseconds?: number;
  /** For `signal-*`: the process group that gets SIGKILL (its leader's process id). @default the engine's, as it was told */
  pid?: number;
}

const RULE = z
  .strictObject({
    service: z.enum(["aws", "platform", "onepassword", "github", "sso", "any"]),
    method: z.string().min(1).optional(),
    path: z.string().refine(isRegularExpression, "not a regular expression").optional(),
    skip: z.int().min(0).optional(),
    times: z.int().min(1).optional(),
    kind: z.enum(["status", "delay", "drop-before", "drop-after", "hang", "signal-before", "signal-after"]),
    status: z.int().min(400).max(599).optional(),
    retryAfterSeconds: z.int().min(0).optional(),
    milliseconds: z.int().min(0).optional(),
    // Group 0 is the daemon's own, and 1 would be every process there is.
    pid: z.int().min(2).optional(),
  })
  .refine((rule) => rule.kind !== "status" || rule.status !== undefined, "kind status needs a status")
  .refine(
    (rule) => rule.kind !== "delay" || rule.milliseconds !== undefined,
    "kind delay needs milliseconds",
  );

/** @throws Error naming what is wrong, when the rule is not complete */
export function checkRule(rule: FaultRule): FaultRule {
  const parsed = RULE.safeParse(rule);
  if (!parsed.success) throw new Error(`Fault rule refused: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
