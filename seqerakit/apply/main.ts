import { z } from "zod";
import { applyComputeEnv } from "./compute-env.ts";
import { Fault } from "./fault.ts";
import { openWorkspace, workspaceById } from "./platform.ts";
import { preflight } from "./preflight.ts";
import { redactor } from "./redact.ts";
import { release } from "./release.ts";
import { removeComputeEnv } from "./remove-compute-env.ts";
import { removeCredentials } from "./remove-credentials.ts";
import {
  computeEnvironmentRequest,
  computeEnvironmentResult,
  credentialsRequest,
  ownedResult,
  preflightRequest,
  releaseRequest,
  removalRequest,
  roleRequest,
} from "./request.ts";
import { offerRole, proveRole } from "./role.ts";
import { makeTools } from "./tools.ts";

/** What a step is told by environment. Whatever is secret comes this way and no other. */
const environment = z.object({
  MEGATESTS_REQUEST: z.string(),
  TOWER_ACCESS_TOKEN: z.string().min(1),
  /** The workspace's id as 1Password has it: the preflight proves it, the steps on compute environments rely on it. */
  WORKSPACE_ID: z.string().default(""),
  AWS_ACCESS_KEY_ID: z.string().default(""),
  AWS_SECRET_ACCESS_KEY: z.string().default(""),
  CREDENTIALS_ID: z.string().default(""),
  EXTERNAL_ID: z.string().default(""),
  /** What this step printed the last time, from the state. */
  PULUMI_COMMAND_STDOUT: z.string().default(""),
});
type Environment = z.infer<typeof environment>;

/** Runs one step and gives the document to print. */
async function step(
  verb: string | undefined,
  env: Environment,
  redact: (text: string) => string,
): Promise<unknown> {
  const request: unknown = JSON.parse(env.MEGATESTS_REQUEST);
  const open = async (address: z.infer<typeof preflightRequest>["platform"]) => ({
    workspace: await openWorkspace(address, env.TOWER_ACCESS_TOKEN),
    tools: makeTools(address, env.TOWER_ACCESS_TOKEN, redact),
  });
  const proven = (address: z.infer<typeof preflightRequest>["platform"]) => ({
    workspace: workspaceById(address, env.TOWER_ACCESS_TOKEN, Number(env.WORKSPACE_ID)),
    tools: makeTools(address, env.TOWER_ACCESS_TOKEN, redact),
  });
  switch (verb) {
    case "preflight": {
      const asked = preflightRequest.parse(request);
      return preflight(asked, { ...(await open(asked.platform)), expectedId: env.WORKSPACE_ID });
    }
    case "credentials": {
      // AWS's clients take as long to load as all the rest: the other steps do without.
      const { applyCredentials } = await import("./credentials.ts");
      const asked = credentialsRequest.parse(request);
      const key = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
      return applyCredentials(asked, key, {
        ...(await open(asked.platform)),
        formerId: formerCredentials(env),
      });
    }
    case "offer-role":
    case "prove-role": {
      const asked = roleRequest.parse(request);
      const context = { ...(await open(asked.platform)), formerId: formerCredentials(env) };
      const offered = { credentialsId: env.CREDENTIALS_ID, externalId: env.EXTERNAL_ID };
      return verb === "offer-role" ? offerRole(asked, context) : proveRole(asked, offered, context);
    }
    case "remove-credentials": {
      const asked = removalRequest.parse(request);
      return removeCredentials(asked, { ...(await open(asked.platform)), formerId: formerCredentials(env) });
    }
    case "compute-env": {
      const asked = computeEnvironmentRequest.parse(request);
      return applyComputeEnv(asked, { ...proven(asked.platform), former: formerComputeEnv(env) });
    }
    case "remove-compute-env": {
      const asked = computeEnvironmentRequest.parse(request);
      return removeComputeEnv(asked, { ...proven(asked.platform), former: formerComputeEnv(env) });
    }
    case "release": {
      const asked = releaseRequest.parse(request);
      return release(asked, (await open(asked.platform)).workspace);
    }
    default:
      throw new Fault("There is no such step.", {
        got: verb ?? "none",
        allowed:
          "preflight, credentials, offer-role, prove-role, remove-credentials, compute-env, remove-compute-env, release",
      });
  }
}

function formerCredentials({ PULUMI_COMMAND_STDOUT: stdout }: Environment): string | undefined {
  return stdout === "" ? undefined : ownedResult.parse(JSON.parse(stdout)).credentialsId;
}

function formerComputeEnv({ PULUMI_COMMAND_STDOUT: stdout }: Environment) {
  return stdout === "" ? undefined : computeEnvironmentResult.parse(JSON.parse(stdout));
}

const redact = redactor(
  ["TOWER_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY", "EXTERNAL_ID"].map((name) => process.env[name]),
);
try {
  const env = environment.safeParse(process.env);
  if (!env.success)
    throw new Fault("This step is run by Pulumi, which tells it what to do.", {
      got: z.prettifyError(env.error).replaceAll("\n", " "),
      mend: "pulumi up",
    });
  const document = await step(process.argv[2], env.data, redact);
  if (document !== undefined) process.stdout.write(JSON.stringify(document));
} catch (reason) {
  process.stderr.write(`${redact(reason instanceof Error ? reason.message : String(reason))}\n`);
  process.exitCode = 1;
}
