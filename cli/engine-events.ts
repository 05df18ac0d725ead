/** Turns the engine's events into one line for each resource that changes, and each error once. */
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { seconds, type Progress } from "./progress.ts";

/** Done and planned, by the engine's name of the step; steps that change nothing are left out. */
const STEPS: Record<string, [done: string, planned: string]> = {
  create: ["created", "to create"],
  update: ["updated", "to update"],
  delete: ["deleted", "to delete"],
  import: ["imported", "to import"],
  "create-replacement": ["renewed", "to renew"],
  "import-replacement": ["imported", "to import"],
  "delete-replaced": ["old deleted", "to delete old"],
};

const SHOWN = new Set<string>(["error", "warning", "info", "info#err"]);

/** Listens to one operation of the engine. */
export interface EngineListener {
  onEvent(event: EngineEvent): void;
  /** How many errors have been printed. */
  errors(): number;
}

/** @param progress - gets the lines */
export function listenToEngine(progress: Progress): EngineListener {
  const begun = new Map<string, number>();
  const said = new Set<string>();
  let errors = 0;
  const show = (metadata: { op: string; urn: string }, planned: boolean) => {
    const words = STEPS[metadata.op];
    if (!words || metadata.urn.includes("::pulumi:pulumi:Stack::")) return;
    const since = begun.get(`${metadata.op} ${metadata.urn}`);
    const took = planned || since === undefined ? "" : `  ${seconds(since)} s`;
    progress.line(`    ${words[planned ? 1 : 0].padEnd(13)} ${resourceName(metadata.urn)}${took}`);
  };
  return {
    errors: () => errors,
    onEvent: (event) => {
      const { resourcePreEvent, resOutputsEvent, diagnosticEvent } = event;
      if (resourcePreEvent)
        begun.set(`${resourcePreEvent.metadata.op} ${resourcePreEvent.metadata.urn}`, Date.now());
      if (resOutputsEvent) show(resOutputsEvent.metadata, resOutputsEvent.planning === true);
      if (!diagnosticEvent || diagnosticEvent.ephemeral) return;
      const { severity, urn } = diagnosticEvent;
      // Missing in the type: `debug`. The SDK's own trace of every call is of it, with secrets in clear.
      if (!SHOWN.has(severity)) return;
      const text = readable(diagnosticEvent.message);
      if (text === "" || said.has(text)) return;
      said.add(text);
      const of = urn && !urn.includes("::pulumi:pulumi:Stack::") ? `${resourceName(urn)}: ` : "";
      if (severity === "error") {
        // The engine's own last word, behind the errors that say why.
        if (/^(update|preview|destroy) failed$/.test(text)) return;
        errors++;
        progress.error(of + text);
      } else if (severity === "warning") progress.warn(of + text);
      else progress.line(text.replace(/^/gm, "      "));
    },
  };
}

/** `aws:iam:User towerforge` of `urn:pulumi:sandbox::P::parent$aws:iam/user:User::towerforge`. */
export function resourceName(urn: string): string {
  const [type = "", name = ""] = urn.split("::").slice(-2);
  const own = type.split("$").at(-1) ?? "";
  return `${own.replace(/\/[^:]*:/, ":")} ${name}`;
}

/** Without the engine's colour marks and without stack traces: what to do is in the words. */
export function readable(message: string): string {
  return message
    .replace(/<\{%[^%]*%\}>/g, "")
    .split("\n")
    .filter((line) => !/^\s+at .*(:\d+:\d+\)?|<anonymous>\)?|\(native\))$/.test(line))
    .join("\n")
    .replace(/^error: /, "")
    .trim();
}

/** The engine's errors in what a failed call of the Automation API says: everything the command printed. */
export function errorsIn(message: string): string {
  // Behind it the API repeats all of it, with the command line.
  const [said = ""] = message.split(/^ ?err\?: /m);
  // Among the diagnostics they are indented, below the resource they are about.
  const from = said.search(/^[ \t]*error: /m);
  if (from < 0) return readable(message);
  const [errors = ""] = said.slice(from).split(/^(?:Resources|Outputs|Policies|Duration):/m);
  const indent = errors.length - errors.trimStart().length;
  return readable(errors.replace(new RegExp(`^[ \\t]{0,${indent}}`, "gm"), ""));
}
