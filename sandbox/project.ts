/** The stack a sandbox deploys: the clone's own project and config, with the services' addresses in place of the real ones. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { DEPLOYED, type Deployed } from "./services/aws/deployer.ts";
import type { ServiceName } from "./services/service.ts";
import { stackSettings } from "./stack-settings.ts";
import { STACK, type World } from "./world.ts";

type Config = Record<string, unknown>;

/** A stack's file, as far as it matters here. */
interface StackFile {
  config?: Config;
  encryptionsalt?: string;
}

const HEAD = "# Made by the sandbox from the clone's own file; written anew by every command.\n";
const HOST = "pulumi-onepassword:connect_host";
const TOKEN = "pulumi-onepassword:connect_token";

/**
 * Writes Pulumi.yaml: the clone's, with `main` naming the clone, for the program stays where it is.
 * @param plugins - folders of plugins the engine is to start itself, by name
 */
export async function writeProject(world: World, plugins: Record<string, string>): Promise<void> {
  const project = parse(await readFile(join(world.root, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  const providers = Object.entries(plugins).map(([name, path]) => ({ name, path }));
  const made = { ...project, main: world.root, ...(providers.length > 0 ? { plugins: { providers } } : {}) };
  await writeFile(join(world.project, "Pulumi.yaml"), HEAD + stringify(made));
}

/**
 * Writes the stack's config: that of Pulumi.dev.yaml, with its services replaced by the sandbox's.
 * What the engine has put there (its salt, the encrypted token) stays.
 */
export async function writeConfig(world: World, urls: Record<ServiceName, string>): Promise<void> {
  const { config = {} } = await readStack(join(world.root, "Pulumi.dev.yaml"));
  const { name: project } = parse(await readFile(join(world.root, "Pulumi.yaml"), "utf8")) as {
    name: string;
  };
  const file = stackFile(world);
  const { config: before = {}, encryptionsalt } = await readStack(file);
  const made: StackFile = {
    config: {
      ...Object.fromEntries(Object.entries(config).filter(([key, value]) => !isAccount(key, value))),
      [HOST]: urls.onepassword,
      ...(before[TOKEN] === undefined ? {} : { [TOKEN]: before[TOKEN] }),
      [`${project}:platformEndpoint`]: `${urls.platform}/api`,
      [`${project}:awsEndpoints`]: Object.fromEntries(
        ["iam", "s3", "sts", "batch"].map((service) => [service, urls.aws]),
      ),
      [`${project}:githubBaseUrl`]: `${urls.github}/`,
      // The imitated services are done sooner than the real ones.
      [`${project}:pollMilliseconds`]: "500",
    },
    ...(encryptionsalt === undefined ? {} : { encryptionsalt }),
  };
  await writeFile(file, HEAD + stringify(made));
}

/** What the stack's own file has the deployer work on. */
export async function deployedBy(world: World): Promise<Deployed> {
  const { config = {} } = await readStack(join(world.root, "Pulumi.dev.yaml"));
  return DEPLOYED.parse(await stackSettings(world.root, config));
}

/** Sets the token of 1Password Connect, encrypted, once for each sandbox. The stack must exist. */
export async function encryptToken(
  world: World,
  engine: string,
  env: NodeJS.ProcessEnv,
  token: () => Promise<string>,
): Promise<void> {
  if ((await readStack(stackFile(world))).config?.[TOKEN] !== undefined) return;
  const args = ["config", "set", "--secret", TOKEN, "--stack", STACK, "--non-interactive"];
  // By standard input: what stands in a command line, everyone on the machine can read.
  await execa(engine, args, { cwd: world.project, env, extendEnv: false, input: await token() });
}

/** The config the stack is deployed with. */
export async function stackConfig(world: World): Promise<Config> {
  return (await readStack(stackFile(world))).config ?? {};
}

function stackFile(world: World): string {
  return join(world.project, `Pulumi.${STACK}.yaml`);
}

async function readStack(file: string): Promise<StackFile> {
  try {
    return (parse(await readFile(file, "utf8")) as StackFile | null) ?? {};
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return {};
  }
}

/** How a real 1Password is reached, and whatever was encrypted with a real stack's key. */
function isAccount(key: string, value: unknown): boolean {
  return key.startsWith("pulumi-onepassword:") || JSON.stringify(value)?.includes('"secure":') === true;
}
