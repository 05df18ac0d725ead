/** The environment of everything that runs against a sandbox: the engine, its plugins, `tw`, and one's own commands. */
import { delimiter, dirname, join } from "node:path";
import { cacheFolder } from "./toolchain/cache.ts";
import type { Engine } from "./toolchain/engine.ts";
import type { Python } from "./toolchain/python.ts";
import type { ServiceName } from "./services/service.ts";
import { STACK, type World } from "./world.ts";

/** The provider plugins that a deployment needs. */
export const PLUGINS = ["aws", "command", "github", "onepassword"] as const;
export type PluginName = (typeof PLUGINS)[number];

/** What the environment is made of. */
export interface Surroundings {
  engine: Engine;
  python: Python;
  /** Where the services listen. */
  urls: Record<ServiceName, string>;
  /** Ports of the stand-in plugins that are in use. */
  plugins: Partial<Record<PluginName, number>>;
  region: string;
  /** Lets the engine fetch plugins by itself. @default false */
  mayFetchPlugins?: boolean;
}

/** Settings of one's own accounts and tools; none of them may have a say in a sandbox, or be seen in one. */
const FOREIGN = /^(AWS|PULUMI|TOWER|GITHUB|GH|OP|MOTO|NXF|VIRTUAL_ENV|PYTHONPATH|PYTHONHOME)(_|$)/;

/** The variables a sandbox sets. None is secret. */
export function environment(world: World, given: Surroundings): Record<string, string> {
  const { urls, plugins } = given;
  const attached = Object.entries(plugins).map(([name, port]) => `${name}:${port}`);
  return {
    PATH: searchPath(world, given.engine, given.python),
    PULUMI_BACKEND_URL: `file://${world.state}`,
    PULUMI_HOME: world.home,
    PULUMI_CONFIG_PASSPHRASE_FILE: world.passphrase,
    PULUMI_STACK: STACK,
    // Every flag of the engine has a variable; this one is `--cwd`, so that commands typed in the clone find the project.
    PULUMI_OPTION_CWD: world.project,
    PULUMI_RUN_PROGRAM: "true",
    // `pulumi destroy` leaves the protected bucket instead of stopping at it.
    PULUMI_OPTION_EXCLUDE_PROTECTED: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(given.mayFetchPlugins ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    ...(attached.length > 0 ? { PULUMI_DEBUG_PROVIDERS: attached.join(",") } : {}),
    AWS_ENDPOINT_URL: urls.aws,
    // The real aws provider checks its credentials there, whatever endpoints its arguments name.
    AWS_ENDPOINT_URL_STS: urls.aws,
    AWS_ENDPOINT_URL_SSO: urls.sso,
    AWS_ENDPOINT_URL_SSO_OIDC: urls.sso,
    AWS_REGION: given.region,
    AWS_DEFAULT_REGION: given.region,
    AWS_EC2_METADATA_DISABLED: "true",
    // Profiles of one's own are not looked at.
    AWS_CONFIG_FILE: join(world.folder, "aws-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(world.folder, "aws-credentials"),
    TOWER_API_ENDPOINT: `${urls.platform}/api`,
    GITHUB_BASE_URL: `${urls.github}/`,
    // Halves the start of `tw` and of the program, which both run many times.
    NODE_COMPILE_CACHE: compileCache(),
    ...loopbackDirectly(process.env),
  };
}

/** Where Node keeps what it has compiled. */
export function compileCache(): string {
  return join(cacheFolder(), "node");
}

/** PATH with the sandbox's own programs first. */
export function searchPath(world: World, engine: Engine, python: Python): string {
  const own = [world.bin, dirname(engine.path), python.bin, join(world.root, "node_modules/.bin")];
  const rest = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder && !own.includes(folder));
  return [...own, ...rest].join(delimiter);
}

/** The machine's environment without what belongs to real accounts. */
export function withoutAccounts(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name)));
}

/** Names of the variables that {@link withoutAccounts} takes out. */
export function accountVariables(env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.keys(env).filter((name) => FOREIGN.test(name));
}

/** A proxy for the outside world is not asked for this machine. */
function loopbackDirectly(env: NodeJS.ProcessEnv): Record<string, string> {
  const hosts = [env.NO_PROXY ?? env.no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return { NO_PROXY: hosts, no_proxy: hosts };
}
