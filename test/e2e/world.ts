/** One sandbox in this process for end-to-end tests: real engine, the program, all services, and hands on all of them. */
import { readdir } from "node:fs/promises";
import {
  LocalWorkspace,
  type EngineEvent,
  type OpType,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import deploy from "../../index.ts";
import { makeProgress } from "../../cli/progress.ts";
import { operate } from "../../cli/sandbox/operation.ts";
import type { Call } from "../../sandbox/services/faults.ts";
import { inspect, type Inspection } from "../../sandbox/services/inspect.ts";
import { STACK } from "../../sandbox/world.ts";
import { isProber } from "./calls.ts";
import { startGrounds, type Grounds } from "./grounds.ts";
import { watchArgv, type ArgvWatch } from "../canary/argv.ts";

/** What one operation of the engine did. */
export interface Run {
  /** Whether it ended well. */
  ok: boolean;
  /** What an operator sees. */
  text: string;
  /** Steps by resource name, in order; those that change nothing are left out. */
  steps: Record<string, OpType[]>;
  /** What the services were asked meanwhile, the prober's calls left out. */
  calls: Call[];
}

type Operation = "up" | "preview" | "destroy";

/** A world in use by tests. */
export interface E2eWorld extends Grounds {
  stack: Stack;
  /** Everything that was printed so far, for people and for programs. */
  printed: string[];
  argv: ArgvWatch;
  run(operation: Operation, onEvent?: (event: EngineEvent) => void): Promise<Run>;
  inspect(): Promise<Inspection>;
}

/** Starts everything; nothing is deployed. */
export async function startWorld(): Promise<E2eWorld> {
  const [grounds, argv] = await Promise.all([
    startGrounds({ newKeySeconds: 1, envSeconds: 0.3 }),
    watchArgv(),
  ]);
  const { world, fleet, faults, deployment, env, seed, secrets } = grounds;
  const stack = await LocalWorkspace.selectStack(
    { stackName: STACK, projectName: "AWSMegatests", program: deploy },
    { workDir: world.project, envVars: env },
  );

  const printed: string[] = [];
  return {
    ...{ ...grounds, stack, printed, argv },
    inspect: () => inspect(fleet.urls, fleet.aws.adminClientConfig(), seed),
    run: async (operation, onEvent) => {
      const lines: string[] = [];
      const progress = makeProgress({ write: (text: string) => lines.push(text) });
      const steps: Run["steps"] = {};
      const since = faults.calls.at(-1)?.n ?? 0;
      const ok = await operate<unknown>(progress, (listener, signal) =>
        deployment[operation]((event) => {
          note(event, steps);
          listener(event);
          onEvent?.(event);
        }, signal),
      ).then(
        () => true,
        (error: Error) => {
          if (error.message) progress.error(error.message);
          return false;
        },
      );
      const text = lines.join("");
      printed.push(text);
      // Each key that was ever made gets to the Platform in the end.
      for (const key of fleet.platform.heldKeys())
        secrets[`secret of ${key.accessKeyId}`] = key.secretAccessKey;
      return { ok, text, steps, calls: faults.calls.filter((call) => call.n > since && !isProber(call)) };
    },
  };
}

/** Names of files that lie where programs put temporary ones. */
export async function leftBehind({ temporary }: E2eWorld): Promise<string[]> {
  return readdir(temporary, { recursive: true });
}

/** Ids of the access keys of all users but the deployer. */
export function keysOf({ aws }: Inspection): string[] {
  return aws.users.flatMap(({ keys }) => keys.map(({ id }) => id));
}

function note({ resourcePreEvent }: EngineEvent, steps: Run["steps"]): void {
  const { op, urn = "" } = resourcePreEvent?.metadata ?? {};
  if (op === undefined || op === "same" || urn.includes("::pulumi:pulumi:Stack::")) return;
  (steps[urn.split("::").at(-1) ?? ""] ??= []).push(op);
}
