/** Starts moto (serve.py) as a child process, and saves and restores its world. */
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import ky from "ky";
import { z } from "zod";
import type { Seed } from "../seed.ts";
import type { LookUp } from "./authorization/authorize.ts";
import { createLookUp } from "./look-up.ts";
import { personsRoles } from "./sessions.ts";

/** A running moto. */
export interface Moto {
  /** `http://127.0.0.1:PORT`, where moto answers without the gateway. */
  url: string;
  /** The whole world as one block of bytes, secrets included; see `save` in serve.py for what it leaves out. */
  save(): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Replaces the world by a saved one.
   * @throws Error when another version of moto saved it
   */
  load(state: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Whose an access key is, with all documents, and what is known of the things a request names. */
  lookUp: LookUp;
  /** Ends the process. */
  close(): Promise<void>;
}

/** AWS's own policy for administrators; moto knows all of AWS's managed policies. */
export const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";

/** Importing moto takes 1 to 3 seconds; the rest is for a slow disk and the first run, which compiles it. */
const START_SECONDS = 90;

/** Only the end of what moto writes to stderr is kept, for the error when it does not start. */
const STDERR_LENGTH = 4000;

/**
 * Starts moto with the account and the deployer of the seed.
 * @param python interpreter of the environment that has moto
 * @throws Error with moto's own words when it does not start
 */
export async function startMoto(python: string, seed: Seed): Promise<Moto> {
  const token = randomBytes(32).toString("hex");
  // botocore reads profiles and AWS_* variables of whoever started the sandbox, and fails on a profile it does not know.
  const env = {
    PATH: process.env.PATH,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
  const child = execa(python, ["-I", join(import.meta.dirname, "serve.py")], {
    env,
    extendEnv: false,
    buffer: false,
    reject: false,
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-STDERR_LENGTH)));
  const lines = createInterface({ input: child.stdout });
  const ready = Promise.race([
    once(lines, "line", { signal: AbortSignal.timeout(START_SECONDS * 1000) }),
    child.then(() => Promise.reject(new Error("it ended at once"))),
  ]);
  const deployer = { ...seed.deployer, policyArn: ADMINISTRATOR };
  child.stdin.on("error", () => undefined); // EPIPE; `ready` tells why
  const { awsAccountId: accountId, seqera } = seed;
  const people = personsRoles(seed);
  child.stdin.write(`${JSON.stringify({ accountId, token, deployer, seqera, people })}\n`);

  const end = async () => {
    child.stdin.end();
    child.kill("SIGTERM");
    await child;
  };
  const port = await ready.then(
    ([line]) => z.object({ port: z.int() }).parse(JSON.parse(String(line))).port,
    async (error: unknown) => {
      await end();
      throw new Error(`moto did not start with ${python}: ${(error as Error).message}\n${stderr}`);
    },
  );

  const url = `http://127.0.0.1:${port}`;
  const { lookUp, close: hangUp } = createLookUp(url, token);
  const own = ky.create({ headers: { "x-sandbox-token": token }, retry: 0, timeout: 60_000 });
  return {
    url,
    close: async () => {
      hangUp();
      await end();
    },
    lookUp,
    save: async () => new Uint8Array(await own.get(`${url}/sandbox/state`).arrayBuffer()),
    load: async (state) => {
      const answer = await own.put(`${url}/sandbox/state`, { body: state, throwHttpErrors: false });
      if (!answer.ok) throw new Error(`The saved AWS cannot be restored: ${await answer.text()}`);
    },
  };
}
