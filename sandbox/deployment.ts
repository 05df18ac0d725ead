/** Runs the program on the real engine, in this process: no language host is needed. */
import { LocalWorkspace, PulumiCommand, type EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accountVariables } from "./environment.ts";
import { killableEngine, type TellEngine } from "./killable-engine.ts";
import { encryptToken, writeConfig, writeProject } from "./project.ts";
import type { ServiceName } from "./services/service.ts";
import { STACK, type World } from "./world.ts";

/** What a deployment runs with. */
export interface DeploymentOptions {
  /** Path of the engine. */
  engine: string;
  /** The variables of `environment()`. */
  env: Record<string, string>;
  urls: Record<ServiceName, string>;
  /** Folders of plugins the engine is to start itself, by name. */
  plugins: Record<string, string>;
  /** The token of 1Password Connect; asked for only when it is not yet in the stack's config. */
  connectToken: () => Promise<string>;
  /** @default the clone's index.ts */
  program?: () => Promise<Record<string, unknown>>;
  /** Lets faults kill the engine: it is told what runs. @default the engine is in this process's group, and nobody is told */
  tellEngine?: TellEngine;
}

/** One sandbox's stack, ready to be deployed. */
export interface Deployment {
  up(onEvent: (event: EngineEvent) => void, signal?: AbortSignal): Promise<Record<string, unknown>>;
  preview(onEvent: (event: EngineEvent) => void, signal?: AbortSignal): Promise<Record<string, number>>;
  /** Removes all but what is protected. */
  destroy(onEvent: (event: EngineEvent) => void, signal?: AbortSignal): Promise<void>;
}

/** Writes the project, makes the stack where it is missing, and loads the program. */
export async function openDeployment(world: World, options: DeploymentOptions): Promise<Deployment> {
  enter(world, options.env);
  await writeProject(world, options.plugins);
  await writeConfig(world, options.urls);
  const plain = await PulumiCommand.get({ skipVersionCheck: true });
  const pulumiCommand = options.tellEngine ? killableEngine(plain, options.tellEngine) : plain;
  const { name: projectName } = parse(await readFile(join(world.root, "Pulumi.yaml"), "utf8")) as {
    name: string;
  };
  const program = options.program ?? (await import("../index.ts")).default;
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: STACK, projectName, program },
    { workDir: world.project, envVars: options.env, pulumiCommand },
  );
  await encryptToken(world, options.engine, { ...process.env, ...options.env }, options.connectToken);
  return {
    up: async (onEvent, signal) => {
      const { outputs } = await stack.up({ onEvent, signal, color: "never", suppressOutputs: true });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? "[secret]" : value]),
      );
    },
    preview: async (onEvent, signal) => {
      const { changeSummary } = await stack.preview({ onEvent, signal, color: "never" });
      return changeSummary;
    },
    destroy: async (onEvent, signal) => {
      await stack.destroy({ onEvent, signal, color: "never", excludeProtected: true, runProgram: true });
    },
  };
}

/** The program runs in this process: it is to see the sandbox's environment, and to stand in the clone. */
function enter(world: World, env: Record<string, string>): void {
  for (const name of accountVariables()) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(world.root);
}
