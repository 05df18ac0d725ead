/** What `credentials validate` and `compute-envs validate` share. */
import type { OptionSpec } from "./parser/spec.ts";

/** The Platform's answer. */
export interface Validation {
  status: string;
  /** The provider could not be reached: the status is the last known one. */
  transientError?: boolean;
  message?: string | null;
}

/** Sets the status to AVAILABLE without a probe. */
export const FORCE_OPTION: OptionSpec = {
  names: ["--force"],
  description: "Skip the checks and turn INVALID into AVAILABLE.",
};

/** @param subject what was validated, with its id */
export function validationText(subject: string, workspaceRef: string, outcome: Validation): string {
  const unsure = outcome.transientError
    ? "  The provider could not be reached; the reported status is the last known value.\n"
    : "";
  const detail = outcome.message ? `  Detail: ${outcome.message}\n` : "";
  return `\n  ${subject} at ${workspaceRef} workspace validated as ${outcome.status}\n${unsure}${detail}\n`;
}
