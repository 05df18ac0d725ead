/** The stand-in's resources against the sandbox's AWS, with the names of all calls they make. */
import { randomUUID } from "node:crypto";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { S3Client } from "@aws-sdk/client-s3";
import { check } from "../kit/lifecycle.ts";
import type { Props } from "../kit/values.ts";
import { startAws } from "../../services/aws/gateway.ts";
import { pythonForTests } from "../../services/aws/python-for-tests.ts";
import { FaultInjector } from "../../services/faults.ts";
import { makeSeed } from "../../services/seed.ts";
import { aws } from "./provider.ts";
import { configure, type AwsSession } from "./session.ts";

/** A bucket that is made with its tags is a call of its own, for it takes a right of its own. */
export const TAGGED_BUCKET = "CreateBucket with tags";

/** AWS, and sessions whose calls are recorded. */
export interface Recorded {
  /** Names of the calls since they were last taken, in order. */
  calls: string[];
  /** A call that is answered as S3 answers who may not tag. */
  denied?: string;
  /** In the sandbox's region. */
  session: AwsSession;
  connect(region: string): Promise<AwsSession>;
  close(): Promise<void>;
}

/** Starts AWS for one test file. */
export async function startRecorded(): Promise<Recorded> {
  const seed = makeSeed();
  const python = await pythonForTests();
  const service = await startAws({ faults: new FaultInjector(), seed, python, newKeySeconds: 0 });
  const connect = async (region: string): Promise<AwsSession> => {
    const session = await configure(
      {
        region,
        accessKey: seed.deployer.accessKeyId,
        secretKey: seed.deployer.secretAccessKey,
        endpoints: JSON.stringify([{ iam: service.url, s3: service.url, sts: service.url }]),
        s3UsePathStyle: "true",
        skipCredentialsValidation: "true",
        skipRequestingAccountId: "true",
      },
      {},
    );
    record(session.iam(), recorded);
    record(session.s3(), recorded);
    return session;
  };
  const recorded = { calls: [], connect, close: () => service.close() } as unknown as Recorded;
  recorded.session = await connect(seed.region);
  return recorded;
}

function record(client: IAMClient | S3Client, to: Recorded): void {
  (client as IAMClient).middlewareStack.add(
    (next, { commandName }) =>
      (given) => {
        const { CreateBucketConfiguration } = given.input as { CreateBucketConfiguration?: Props };
        const name = (commandName as string).replace("Command", "");
        const call = CreateBucketConfiguration?.Tags ? TAGGED_BUCKET : name;
        to.calls.push(call);
        if (call !== to.denied) return next(given);
        const message = "User: x is not authorized to perform: s3:TagResource on resource: y";
        throw Object.assign(new Error(message), { name: "AccessDenied" });
      },
    { step: "initialize" },
  );
}

/** A name that no other test has. */
export const unique = (): string => `t-${randomUUID().slice(0, 8)}`;

/** @returns one resource whose operations give their calls, sorted: some are made at once */
export function resource(token: string, recorded: Recorded, session = recorded.session) {
  const type = aws.resources[token];
  if (!type) throw new Error(`no ${token}`);
  const context = () => ({
    session,
    urn: "urn:pulumi:s::p::t::n",
    log: () => undefined,
    signal: AbortSignal.timeout(60_000),
  });
  const callsOf = async (operation: () => Promise<unknown>): Promise<string[]> => {
    recorded.calls = [];
    await operation();
    return recorded.calls.sort();
  };
  let [id, inputs, outs]: [string, Props, Props] = ["", {}, {}];
  return {
    id: () => id,
    outs: () => outs,
    create: (given: Props) =>
      callsOf(async () => {
        ({ inputs } = check(type, "n", {}, given));
        ({ id, outs } = await type.create(context(), inputs));
      }),
    read: () => callsOf(async () => (outs = (await type.read(context(), id, outs)) ?? {})),
    import: () => callsOf(() => type.read(context(), id, {})),
    update: (changed: Props) =>
      callsOf(async () => {
        inputs = { ...inputs, ...changed };
        outs = await type.update(context(), id, outs, inputs);
      }),
    delete: () => callsOf(() => type.delete(context(), id, outs)),
  };
}
