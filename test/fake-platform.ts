import { readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  ComputeEnvEdit,
  PlatformComputeEnv,
  PlatformComputeEnvDetails,
  PlatformCredentials,
  Validation,
  Workspace,
} from "../seqerakit/apply/platform.ts";
import type { AccessKey } from "../seqerakit/apply/probe.ts";
import type { ActiveRun } from "../seqerakit/apply/runs.ts";
import type { Tools } from "../seqerakit/apply/tools.ts";

/** A workspace in memory, for decisions that need no Platform to be tested; the tools' commands are recorded. */
export class FakePlatform implements Workspace, Tools {
  readonly id = 42;
  held: PlatformCredentials[] = [];
  envs: (PlatformComputeEnv & Partial<PlatformComputeEnvDetails>)[] = [];
  runs: ActiveRun[] = [];
  /** What was asked for by the tools, and by calls that change something. */
  readonly commands: string[] = [];
  /** The file that seqerakit was given last. */
  rendered = "";
  /** What a validation of an id answers. @default AVAILABLE */
  validations: Record<string, Validation | undefined> = {};
  /** What a tool's command does to the workspace. */
  onCommand: (command: string) => void | Promise<void> = () => {};

  credentials = () => Promise.resolve(this.held);
  computeEnvs = () => Promise.resolve(this.envs);
  computeEnv = (id: string) => {
    const { config = {}, labels } = this.#env(id);
    return Promise.resolve({ config, labels });
  };
  activeRuns = () => Promise.resolve(this.runs);
  validateCredentials = (id: string) => this.#validate(id);
  validateComputeEnv = (id: string) => this.#validate(id);
  editComputeEnv = async (id: string, edit: ComputeEnvEdit) => {
    Object.assign(this.#env(id), edit);
    await this.#run(`edit ${id} ${JSON.stringify(edit)}`);
  };
  switchComputeEnv = async (id: string, to: "enable" | "disable") => {
    this.#env(id).status = to === "enable" ? "AVAILABLE" : "DISABLED";
    await this.#run(`${to} ${id}`);
  };
  nameCredentials = async (id: string, name: string, { accessKeyId: accessKey }: AccessKey) => {
    this.held = this.held.map((each) => (each.id === id ? { ...each, name, keys: { accessKey } } : each));
    await this.#run(`name ${id} ${name}`);
  };
  externalId = (id: string) =>
    Promise.resolve(this.held.find((each) => each.id === id)?.keys?.externalId ?? undefined);
  restoreRole = async (id: string, name: string, assumeRoleArn: string) => {
    this.held = this.held.map((each) =>
      each.id === id
        ? { ...each, name, keys: { mode: "role", assumeRoleArn, externalId: each.keys?.externalId } }
        : each,
    );
    await this.#run(`restore ${id} ${name} ${assumeRoleArn}`);
  };

  tw = (args: string[]) => this.#run(`tw ${args.join(" ")}`);
  seqerakit = (folder: string, file: string) => {
    if (file.endsWith(".yml")) this.rendered = readFileSync(join(folder, file), "utf8");
    return this.#run(`seqerakit ${file}`);
  };

  #env(id: string) {
    const found = this.envs.find((env) => env.id === id);
    if (!found) throw new Error(`no compute environment ${id}`);
    return found;
  }

  #validate(id: string): Promise<Validation | undefined> {
    return Promise.resolve(id in this.validations ? this.validations[id] : { status: "AVAILABLE" });
  }

  async #run(command: string): Promise<string> {
    this.commands.push(command);
    await this.onCommand(command);
    return "";
  }
}

/** Credentials as the Platform shows them. */
export function someCredentials(changes: Partial<PlatformCredentials> = {}): PlatformCredentials {
  return {
    id: "c1",
    name: "tower",
    provider: "aws",
    status: "AVAILABLE",
    keys: { accessKey: "AKIA1" },
    ...changes,
  };
}

/** A compute environment as the Platform shows it, with what it was made from. */
export function someComputeEnv(
  changes: Partial<FakePlatform["envs"][number]> = {},
): FakePlatform["envs"][number] {
  return { id: "e1", name: "cpu", status: "AVAILABLE", credentialsId: "c1", ...changes };
}

/** A workspace as steps are told of it. */
export const SOMEWHERE = {
  endpoint: "https://api.example.org",
  organization: "lab",
  workspace: "runs",
  callSeconds: 60,
};
