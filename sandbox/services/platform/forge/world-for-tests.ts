/** A Platform on the sandbox's AWS, with a user's real key, and a look at everything Forge could have left there. */
import { BatchClient } from "@aws-sdk/client-batch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import { FSxClient } from "@aws-sdk/client-fsx";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { startAws, type AwsService } from "../../aws/gateway.ts";
import { pythonForTests } from "../../aws/python-for-tests.ts";
import { FaultInjector } from "../../faults.ts";
import { makeSeed } from "../../seed.ts";
import type { ForgeConfig } from "../bodies.ts";
import { type PlatformService, startPlatform } from "../index.ts";
import { giveRights } from "./rights-for-tests.ts";
import { left, type Looking } from "./left-for-tests.ts";

/** What tests look at in an environment. */
export interface ShownEnv {
  id: string;
  status: string;
  message?: string;
  config: { headQueue?: string; computeQueue?: string; forgedResources?: Record<string, string>[] };
}

/** What a test works with. */
export interface ForgeWorld {
  aws: AwsService;
  platform: PlatformService;
  faults: FaultInjector;
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Asks for an environment, of a name of its own. @returns its id */
  add(forge: Partial<ForgeConfig>, labelIds?: number[]): Promise<string>;
  /** Waits until the environment has the status; fails after a minute. */
  until(id: string, status: string): Promise<ShownEnv>;
  /** Deletes an environment, and waits until it is DELETED. */
  dispose(id: string): Promise<void>;
  /** The SDK's clients as an administrator, past the gateway. */
  admin: Looking;
  /** Names of all of Forge's kinds of resources that there are; sorted. */
  left(): Promise<string[]>;
  /** Actions the Platform has asked of AWS since the last time, in order. */
  asked(): string[];
  /** From now on the key has all the rights of a stack's but these. */
  withoutRights(...actions: string[]): Promise<void>;
  /** Deletes the key that the Platform holds. */
  deleteKey(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it; a fresh AWS, and credentials that are AVAILABLE. */
export async function startForgeWorld(): Promise<ForgeWorld> {
  const [seed, faults] = [makeSeed(), new FaultInjector()];
  const aws = await startAws({ faults, seed, python: await pythonForTests(), newKeySeconds: 0 });
  const times = { creationMilliseconds: 0, deletionMilliseconds: 0, callsPerSecond: false as const };
  const platform = await startPlatform({ ...times, aws: { endpoint: aws.url }, faults, seed });
  const config = aws.adminClientConfig();
  const admin = {
    batch: new BatchClient(config),
    ec2: new EC2Client(config),
    efs: new EFSClient(config),
    fsx: new FSxClient(config),
    iam: new IAMClient(config),
  };
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${platform.url}/api${path}?workspaceId=${seed.workspaceId}`, {
      method,
      headers: { authorization: `Bearer ${seed.platformToken}`, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };

  const user = { UserName: "TowerForge-user" };
  await admin.iam.send(new CreateUserCommand(user));
  await giveRights(admin.iam, user.UserName, seed);
  // By the gateway, as only it remembers which keys are new.
  const iam = new IAMClient({ ...config, endpoint: aws.url });
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand(user));
  const { AccessKeyId: accessKey = "", SecretAccessKey: secretKey = "" } = AccessKey ?? {};
  const keys = { discriminator: "aws", accessKey, secretKey };
  const { credentialsId } = await call<{ credentialsId: string }>("POST", "/credentials", {
    credentials: { name: "forge", provider: "aws", keys },
  });

  let seen = faults.calls.length;
  let added = 0;
  const world: ForgeWorld = {
    ...{ aws, platform, faults, call, admin },
    withoutRights: (...actions) => giveRights(admin.iam, user.UserName, seed, actions),
    add: async (forge, labelIds = []) => {
      const base = { type: "SPOT", minCpus: 0, maxCpus: 100, disposeOnDeletion: true };
      const config = {
        discriminator: "aws-batch",
        region: seed.region,
        workDir: `s3://${seed.bucket}/work`,
        forge: { ...base, instanceTypes: ["c6id", "m6id"], ...forge },
      };
      const name = `forged-${++added}`;
      const computeEnv = { name, platform: "aws-batch", credentialsId, config };
      const made = await call<{ computeEnvId: string }>("POST", "/compute-envs", { computeEnv, labelIds });
      return made.computeEnvId;
    },
    until: async (id, status) => {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const { computeEnv } = await call<{ computeEnv: ShownEnv }>("GET", `/compute-envs/${id}`);
        if (computeEnv.status === status) return computeEnv;
        if (Date.now() > deadline)
          throw new Error(`Still ${computeEnv.status}, not ${status}: ${computeEnv.message}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    dispose: async (id) => {
      await call("DELETE", `/compute-envs/${id}`);
      await world.until(id, "DELETED");
    },
    left: () => left(admin),
    asked: () => {
      const calls = faults.calls.slice(seen).filter(({ by }) => by === "platform");
      seen = faults.calls.length;
      return calls.map(({ path }) => path);
    },
    deleteKey: async () =>
      void (await admin.iam.send(new DeleteAccessKeyCommand({ ...user, AccessKeyId: accessKey }))),
    close: async () => {
      await platform.close();
      await aws.close();
    },
  };
  return world;
}
