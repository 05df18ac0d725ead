/** A stack on the real engine, of which only the config matters. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { askEngine, type StackPlace } from "../stack/place.ts";

/** The stack, and commands at it with nobody at a terminal. */
export interface TestStack {
  place: Required<Omit<StackPlace, "patience">>;
  /** Runs `megatests credentials …` with the stack selected, and a home folder of its own. */
  credentials(args: string[], input?: string): Promise<{ exitCode?: number; stdout: string; stderr: string }>;
  /** The whole environment of such a command, for one at a terminal. */
  env: NodeJS.ProcessEnv;
  /** Runs lines as a shell does, in the project's folder. */
  shell(lines: string): Promise<string>;
  remove(): Promise<void>;
}

/** Project `Lab`, stack `dev`, with nothing in its config. */
export async function makeTestStack(): Promise<TestStack> {
  const engine = await ensureEngine(silent);
  const folder = await mkdtemp(join(tmpdir(), "credentials-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: Lab\nruntime: nodejs\n");
  const env = {
    PATH: [dirname(engine.path), process.env.PATH].join(delimiter),
    ...{ PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" },
    PULUMI_CONFIG_PASSPHRASE: "a passphrase of a test",
  };
  await askEngine({ folder, stack: "", env }, ["stack", "init", "dev"]);
  const main = join(import.meta.dirname, "../main.ts");
  const homes = { HOME: folder, XDG_STATE_HOME: join(folder, "state"), AWS_CONFIG_FILE: "", NO_COLOR: "1" };
  return {
    place: { folder, stack: "dev", env },
    credentials: async (args, input = "") =>
      execa(process.execPath, [main, "credentials", ...args], {
        ...{ cwd: folder, env: { ...env, ...homes }, input, reject: false },
      }),
    env: { ...process.env, ...env, ...homes },
    shell: async (lines) => (await execa("sh", ["-ec", lines], { cwd: folder, env })).stdout,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
