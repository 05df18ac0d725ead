import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect, test } from "vitest";
import { errorsIn, listenToEngine, readable, resourceName } from "./engine-events.ts";
import { makeProgress } from "./progress.ts";

const URN = "urn:pulumi:sandbox::P::my:folder:Parent$aws:iam/user:User::towerforge";

/** Feeds events, returns what was printed. */
function printed(events: object[]): { lines: string[]; errors: number } {
  let text = "";
  const listener = listenToEngine(makeProgress({ write: (more) => (text += more) }));
  for (const event of events) listener.onEvent(event as EngineEvent);
  return { lines: text.split("\n").filter(Boolean), errors: listener.errors() };
}
const diagnostic = (severity: string, message: string, urn?: string) => ({
  diagnosticEvent: { severity, message, urn, color: "never" },
});

test("one line for each resource that changes", () => {
  const { lines } = printed([
    { resourcePreEvent: { metadata: { op: "create", urn: URN } } },
    { resOutputsEvent: { metadata: { op: "create", urn: URN } } },
    { resOutputsEvent: { metadata: { op: "same", urn: URN } } },
    { resOutputsEvent: { metadata: { op: "delete", urn: URN }, planning: true } },
  ]);
  expect(lines).toEqual([
    "    created       aws:iam:User towerforge  0.0 s",
    "    to delete     aws:iam:User towerforge",
  ]);
});

test("the SDK's trace, which has secrets in clear, is never shown", () => {
  expect(printed([diagnostic("debug", "resp: canary-secret")]).lines).toEqual([]);
});

test("an error is shown once, with its resource and without a stack trace", () => {
  const message =
    "<{%fg 1%}>error: it broke\n    at make (/x/index.ts:3:7)\n    at <anonymous>\nmend: this<{%reset%}>\n";
  const { lines, errors } = printed([
    diagnostic("error", message, URN),
    diagnostic("error", message, URN),
    diagnostic("error", "update failed"),
  ]);
  expect(lines).toEqual(["error: aws:iam:User towerforge: it broke", "mend: this"]);
  expect(errors).toBe(1);
});

test("warnings are shown, empty lines are not", () => {
  expect(printed([diagnostic("warning", "careful"), diagnostic("info", "\n")])).toEqual({
    lines: ["warning: careful"],
    errors: 0,
  });
});

test("the words of a failed command are its errors only", () => {
  const said = "code: 255\n stdout: Updating\n stderr: \nerror: the stack is locked\n  by somebody\n";
  expect(errorsIn(said)).toBe("the stack is locked\n  by somebody");
});

test("so they are where the engine prints them below their resources, each on its own", () => {
  const printed = `Previewing update (dev):

 +  pulumi:pulumi:Stack Lab-dev create
    pulumi:providers:onepassword onepassword  error: no resource plugin 'pulumi-resource-onepassword' found
Diagnostics:
  pulumi:providers:onepassword (onepassword):
    error: no resource plugin 'pulumi-resource-onepassword' found
      in the workspace
  pulumi:pulumi:Stack (Lab-dev):
    error: Running program failed
        at make (/x/index.ts:3:7)

Resources:
    + 1 to create
    1 errored
`;
  const command = "Command failed with exit code 1: pulumi preview --color never --stack dev";
  const said = `code: -2\n stdout: \n stderr: ${command}\n${printed}\n err?: Error: ${command}\n${printed}\n`;
  expect(errorsIn(said)).toBe(`no resource plugin 'pulumi-resource-onepassword' found
  in the workspace
pulumi:pulumi:Stack (Lab-dev):
error: Running program failed`);
});

test("names of resources are short", () => {
  expect(resourceName(URN)).toBe("aws:iam:User towerforge");
  expect(readable("  at home I work\n")).toBe("at home I work");
});
