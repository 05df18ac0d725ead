/** A Platform on a fake AWS, and a client that checks every exchange against the published document where it is present. */
import { onTestFinished } from "vitest";
import { FaultInjector } from "../faults.ts";
import { makeSeed, type Seed } from "../seed.ts";
import { loadContract } from "./contract-for-tests.ts";
import { type FakeAws, startFakeAws } from "./fake-aws-for-tests.ts";
import { type PlatformOptions, type PlatformService, startPlatform } from "./index.ts";

/** The document as a judge; undefined where it is not there. */
export const contract = loadContract();

/** What tests look at in credentials and environments. */
export interface Shown {
  id: string;
  name: string;
  status: string;
  message?: string;
  primary: boolean;
  deleted: boolean;
  lastValidated?: string;
  labels: unknown;
  keys: { externalId?: string };
  config: object;
}

/** What tests look at in bodies. Which of these there are depends on the request. */
export interface Body {
  message: string;
  status: string;
  credentialsId: string;
  computeEnvId: string;
  credentials: Shown & Shown[];
  computeEnv: Shown;
  computeEnvs: Shown[];
  user: { id: number };
  orgsAndWorkspaces: object[];
  workspaces: object[];
  organizations: object[];
  platforms: object[];
  regions: object[];
  /** Of a label. */
  id: number;
  workflow: object;
  workflows: { workflow: { id: string } }[];
  launch: { computeEnv: object };
}

/** An answer; the body is empty after a 204. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}

/** What a test works with; everything stops with the test. */
export interface World {
  seed: Seed;
  aws: FakeAws;
  platform: PlatformService;
  faults: FaultInjector;
  /** Calls the API within the workspace; throws when the exchange is not as the published document says. */
  call(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
  /** Creates credentials with a key of this id (any secret). @returns their id */
  addCredentials(accessKey: string, name?: string): Promise<string>;
  /** Creates an environment with queues of its own. @returns its id */
  addComputeEnv(name: string, credentialsId: string): Promise<string>;
  /** Waits until the environment has the status; fails after 5 s. @returns its description */
  until(id: string, status: string): Promise<Shown>;
}

/** Keys for tests. */
export const KEY = { first: "AKIAFIRSTFIRSTFIRST1", second: "AKIASECONDSECOND0002" };

/** A body as `tw compute-envs add aws-batch manual` sends it: with queues of its own, so that Forge has no part in it. */
export function computeEnvBody(name: string, credentialsId: string) {
  const queues = { headQueue: "own-head", computeQueue: "own-work" };
  const location = { region: "eu-west-1", workDir: "s3://nf-core-awsmegatests" };
  const switches = { waveEnabled: true, fusion2Enabled: true, nvnmeStorageEnabled: true };
  const config = { discriminator: "aws-batch", ...location, ...switches, ...queues };
  return { computeEnv: { name, platform: "aws-batch", credentialsId, config } };
}

/** The same as `tw compute-envs add aws-batch forge` sends it. */
export function forgeBody(name: string, credentialsId: string) {
  const forge = { type: "SPOT", minCpus: 0, maxCpus: 1000, instanceTypes: ["c6id"], disposeOnDeletion: true };
  const { computeEnv } = computeEnvBody(name, credentialsId);
  const { headQueue: _head, computeQueue: _work, ...config } = computeEnv.config;
  return { computeEnv: { ...computeEnv, config: { ...config, forge } } };
}

/** A body as `tw credentials add aws` sends it. */
export function credentialsBody(accessKey: string, name = "tower-awstest", id?: string) {
  const keys = { discriminator: "aws", accessKey, secretKey: `secret-of-${accessKey}` };
  return { credentials: { ...(id === undefined ? {} : { id }), name, provider: "aws", keys } };
}

/** Starts one. Times are short, and there is no rate limit unless asked for. */
export async function startWorld(options: Partial<PlatformOptions> & { saved?: unknown; seed?: Seed } = {}) {
  const seed = options.seed ?? makeSeed();
  const aws = await startFakeAws();
  const faults = new FaultInjector();
  aws.keys.set(KEY.first, "works").set(KEY.second, "works");
  const platform = await startPlatform({
    aws: { endpoint: aws.endpoint },
    creationMilliseconds: 20,
    deletionMilliseconds: 20,
    callsPerSecond: false,
    ...options,
    faults,
    seed,
  });
  onTestFinished(async () => {
    await platform.close();
    await aws.close();
  });

  const call: World["call"] = async (method, path, body, token = seed.platformToken) => {
    const separator = path.includes("?") ? "&" : "?";
    const inWorkspace = /^\/(credentials|compute-envs|labels|workflow)/.test(path);
    const full = inWorkspace ? `${path}${separator}workspaceId=${seed.workspaceId}` : path;
    const response = await fetch(`${platform.url}/api${full}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    const { status, headers } = response;
    const parsed = text === "" ? undefined : (JSON.parse(text) as Body);
    const exchange = { method, path: full, request: body, status, response: parsed };
    const problems = contract?.problems(exchange) ?? [];
    if (problems.length > 0) throw new Error(`Not as the API document says:\n${problems.join("\n")}`);
    return { status, headers, body: parsed as Body };
  };
  const describe = async (id: string) => (await call("GET", `/compute-envs/${id}`)).body.computeEnv;

  const world: World = {
    seed,
    aws,
    platform,
    faults,
    call,
    addCredentials: async (accessKey, name) =>
      (await call("POST", "/credentials", credentialsBody(accessKey, name))).body.credentialsId,
    addComputeEnv: async (name, credentialsId) =>
      (await call("POST", "/compute-envs", computeEnvBody(name, credentialsId))).body.computeEnvId,
    until: async (id, status) => {
      const deadline = Date.now() + 5000;
      for (;;) {
        const env = await describe(id);
        if (env.status === status) return env;
        if (Date.now() > deadline) throw new Error(`Still ${env.status}, not ${status}: ${env.message}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
  return world;
}
