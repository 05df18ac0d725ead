import { readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  PlatformComputeEnv,
  PlatformCredentials,
  Validation,
  Workspace,
} from "../seqerakit/apply/platform.ts";
import type { Tools } from "../seqerakit/apply/tools.ts";

/** A workspace in memory, for decisions that need no Platform to be tested; the tools' commands are recorded. */
export class FakePlatform implements Workspace, Tools {
  readonly id = 42;
  held: PlatformCredentials[] = [];
  envs: (PlatformComputeEnv & { config?: Record<string, unknown> })[] = [];
  readonly commands: string[] = [];
  /** The file that seqerakit was given last. */
  rendered = "";
  /** What a validation of an id answers. @default AVAILABLE */
  validations: Record<string, Validation | undefined> = {};
  /** What a tool's command does to the workspace. */
  onCommand: (command: string) => void | Promise<void> = () => {};

  credentials = () => Promise.resolve(this.held);
  computeEnvs = () => Promise.resolve(this.envs);
  computeEnvConfig = (id: string) => Promise.resolve(this.envs.find((env) => env.id === id)?.config ?? {});
  validateCredentials = (id: string) => this.#validate(id);
  validateComputeEnv = (id: string) => this.#validate(id);

  tw = (args: string[]) => this.#run(`tw ${args.join(" ")}`);
  seqerakit = (folder: string, file: string) => {
    if (file.endsWith(".yml")) this.rendered = readFileSync(join(folder, file), "utf8");
    return this.#run(`seqerakit ${file}`);
  };

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
