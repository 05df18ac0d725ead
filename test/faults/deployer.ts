/** The process that deploys for the matrix: the program and the Automation API; killed as a whole, with the engine. */
import { once } from "node:events";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import program from "../../index.ts";
import { makeProgress } from "../../cli/progress.ts";
import { operate } from "../../cli/sandbox/operation.ts";
import { STACK } from "../../sandbox/world.ts";

/** What the parent is told at the end of a deployment. What was said on the way went to standard error. */
export interface Deployed {
  ok: boolean;
}

type Run = (args: string[], ...rest: unknown[]) => Promise<{ stdout: string; stderr: string; code: number }>;

/** Answers by itself what the API asks beside the deployment (outputs, history): each would cost a process of the engine. */
function onlyDeploying(pulumi: PulumiCommand): PulumiCommand {
  const { run } = pulumi as unknown as { run: Run };
  const answer: Run = async (args, ...rest) =>
    args[0] === "up"
      ? run.call(pulumi, args, ...rest)
      : { stdout: args.includes("history") ? "[]" : "{}", stderr: "", code: 0 };
  return Object.assign(pulumi, { run: answer });
}

const [workDir] = process.argv.slice(2);
const stack = await LocalWorkspace.selectStack(
  { stackName: STACK, projectName: "AWSMegatests", program },
  { workDir, pulumiCommand: onlyDeploying(await PulumiCommand.get({ skipVersionCheck: true })) },
);
const progress = makeProgress();

process.on("message", () => {
  void operate(progress, (onEvent, signal) =>
    stack.up({ onEvent, signal, color: "never", suppressOutputs: true }),
  )
    .then(
      () => true,
      (error: Error) => {
        if (error.message) progress.error(error.message);
        return false;
      },
    )
    .then((ok) => process.send?.({ ok } satisfies Deployed));
});
process.send?.("ready");
await once(process, "disconnect");
process.exit();
