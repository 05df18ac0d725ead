import { execa } from "execa";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { stringify } from "yaml";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { temporaryFolder } from "../../sandbox/tw/testing/temporary-folder.ts";
import { Fault } from "../../fault.ts";
import { askAll, type EngineAnswers } from "./engine-answers.ts";
import { around, EMPTY_STATE, given, textsOf } from "./rows-for-tests.ts";
import { definite, stackRows } from "./stack.ts";
import type { Surroundings } from "./surroundings.ts";

/** A project with a stack on the real engine, whose state lies in a folder. */
const { folder, file } = temporaryFolder();
const state = join(folder, "state");
const locks = join(state, ".pulumi/locks/organization/AWSMegatests/dev");
const RECOVER = "npm run --silent megatests -- recover";
let env: Record<string, string>;

beforeAll(async () => {
  const engine = await ensureEngine(silent);
  await mkdir(state);
  env = {
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "correct horse",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: [dirname(engine.path), process.env.PATH].join(delimiter),
  };
  file("Pulumi.yaml", stringify({ name: "AWSMegatests", runtime: "nodejs" }));
  await pulumi("stack", "init", "dev");
  await pulumi("config", "set", "--secret", "token", "s3cr3t");
}, 60_000);
afterEach(() => rm(locks, { recursive: true, force: true }));

async function pulumi(...args: string[]): Promise<string> {
  return (await execa("pulumi", [...args, "--non-interactive"], { cwd: folder, env })).stdout;
}

async function rows(some: Partial<Surroundings> = {}) {
  const here = around({ folder, stack: undefined, ...some, env: { ...env, ...some.env } });
  const answers = askAll({ folder: here.folder, stack: here.stack ?? "", env: definite(here.env) });
  return textsOf((checkup) => stackRows(checkup, here, { engine: given(""), answers }));
}

describe("the stack", () => {
  it("is well", async () => {
    expect(await rows()).toEqual({
      Project: `pass: AWSMegatests (${folder})`,
      "State backend": `pass: file://${state}, as ${userInfo().username}`,
      Stack: "pass: dev",
      "Secrets provider": "pass: passphrase: the stack's secrets open",
      Lock: "pass: none",
      State: "pass: no pending operation",
    });
  });

  it("has no project", async () => {
    const elsewhere = await rows({ folder: state });
    expect(elsewhere).toEqual({
      Project: `fail: There is no Pulumi project here.
got: ${state}
allowed: a folder with a Pulumi.yaml
mend: run the command in the project's folder`,
      ...Object.fromEntries(
        ["State backend", "Stack", "Secrets provider", "Lock", "State"].map((name) => [
          name,
          "not applicable: not checked: Project fails",
        ]),
      ),
    });
  });

  it("has a backend that is not there", async () => {
    const texts = await rows({ env: { PULUMI_BACKEND_URL: `file://${folder}/gone` } });
    expect(texts["State backend"]).toBe(`fail: The engine refuses.
ran: pulumi whoami --json
got: unable to open bucket file://${folder}/gone?no_tmp_dir=true: stat ${folder}/gone: no such file or directory
mend: pulumi login`);
    expect(texts.Lock).toBe("not applicable: not checked: State backend fails");
  });

  it("is not there, or not selected", async () => {
    expect((await rows({ stack: "prod" })).Stack).toBe(`fail: The engine refuses.
ran: pulumi stack export
got: no stack named 'prod' found
mend: pulumi stack select prod --create`);
    const texts = await rows({ env: { PULUMI_HOME: join(folder, "other") } });
    expect(texts.Stack).toBe(`fail: The engine refuses.
ran: pulumi stack --show-name
got: no stack selected; please use \`pulumi stack select\` or \`pulumi stack init\` to choose one
mend: pulumi stack select dev --create`);
    expect(texts.State).toBe("not applicable: not checked: Stack fails");
  });

  it("has secrets that do not open", async () => {
    expect(await rows({ env: { PULUMI_CONFIG_PASSPHRASE: "wrong" } })).toMatchObject({
      "Secrets provider": `fail: passphrase: The engine refuses.
ran: pulumi config --show-secrets --json
got: incorrect passphrase
mend: export PULUMI_CONFIG_PASSPHRASE_FILE=FILE, with the stack's passphrase in it`,
      State: "pass: no pending operation",
    });
  });

  it("has a passphrase that is not given", async () => {
    const none = { PULUMI_CONFIG_PASSPHRASE: undefined };
    expect((await rows({ env: none }))["Secrets provider"]).toBe(`fail: passphrase: The engine refuses.
ran: pulumi config --show-secrets --json
got: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables
mend: export PULUMI_CONFIG_PASSPHRASE_FILE=FILE, with the stack's passphrase in it`);
  });

  it("has a state whose note was cut off, which recover mends", async () => {
    const note = join(state, ".pulumi/stacks/AWSMegatests/dev.json.attrs");
    const whole = await readFile(note, "utf8");
    await writeFile(note, whole.slice(0, 5));
    expect(await rows()).toMatchObject({
      State: `fail: The engine refuses.
ran: pulumi stack export
got: failed to load checkpoint: blob (key ".pulumi/stacks/AWSMegatests/dev.json") (code=Unknown): unexpected EOF
mend: ${RECOVER}`,
      "Secrets provider": "not applicable: not checked: State fails",
    });
    await writeFile(note, whole);
  });

  it("has a state that is none", async () => {
    const kept = await readFile(join(state, ".pulumi/stacks/AWSMegatests/dev.json"), "utf8");
    await writeFile(join(state, ".pulumi/stacks/AWSMegatests/dev.json"), "{}}");
    const texts = await rows();
    await writeFile(join(state, ".pulumi/stacks/AWSMegatests/dev.json"), kept);
    expect(texts.State).toBe(`fail: The engine refuses.
ran: pulumi stack export
got: failed to load checkpoint: place 1: invalid character '}' after top-level value
mend: put right what it names, then run the same command again`);
    expect(texts["Secrets provider"]).toBe("pass: passphrase: the stack's secrets open");
  });

  it("has a backend that does not answer or shows no locks, or secrets that another service keeps shut", async () => {
    const never = new Promise<never>(() => undefined);
    const answers: EngineAnswers = {
      ...{ backend: Promise.resolve({ url: "https://api.pulumi.com", user: "ann" }) },
      ...{ stack: Promise.resolve("dev"), config: Promise.resolve({}) },
      ...{ state: Promise.resolve(EMPTY_STATE), stateKeyId: never },
    };
    const here = around({ folder, env: definite(env) });
    const texts = await textsOf((checkup) => stackRows(checkup, here, { engine: given(""), answers }));
    expect(texts["State backend"]).toBe("pass: https://api.pulumi.com, as ann");
    expect(texts.Lock).toBe(
      "not applicable: this backend does not show locks: pulumi up says so where there is one",
    );
    const shut = async (words: string) => {
      const config = Promise.reject<never>(
        new Fault("The engine refuses.", { got: words, mend: "put it right" }),
      );
      config.catch(() => undefined);
      const found = await textsOf((checkup) =>
        stackRows(checkup, here, { engine: given(""), answers: { ...answers, config } }),
      );
      return found["Secrets provider"];
    };
    expect(await shut("failed to decrypt: kms:Decrypt AccessDenied"))
      .toBe(`fail: passphrase: The engine refuses.
got: failed to decrypt: kms:Decrypt AccessDenied
mend: get the right to use the stack's key, or: pulumi stack change-secrets-provider PROVIDER`);
    expect(await shut("the yaml is none")).toBe(
      "fail: passphrase: The engine refuses.\ngot: the yaml is none\nmend: put it right",
    );
    await mkdir(join(folder, "slow"));
    const slow = file("slow/pulumi", "#!/bin/sh\nexec sleep 30\n");
    await chmod(slow, 0o755);
    const PATH = [dirname(slow), process.env.PATH].join(delimiter);
    const place = { folder, stack: "", env: { ...env, PATH }, patience: 300 };
    const silent = await textsOf((checkup) =>
      stackRows(checkup, here, { engine: given(""), answers: askAll(place) }),
    );
    expect(silent["State backend"]).toBe(`fail: The engine does not answer.
ran: pulumi whoami --json
got: nothing for 0.3 seconds
mend: look whether the state's backend can be reached: file://${state}`);
    expect(silent.Stack).toBe("not applicable: not checked: State backend fails");
  });

  it("is locked, by whom and what to do about it", async () => {
    const lockOf = async (pid: number, host = hostname()) => {
      await mkdir(locks, { recursive: true });
      const lock = { pid, username: "ann", hostname: host, timestamp: new Date().toISOString() };
      await writeFile(join(locks, "a.json"), JSON.stringify(lock));
      const text = (await rows()).Lock;
      return text?.replace(lock.timestamp, "NOW").replaceAll(hostname(), "HERE");
    };
    expect(await lockOf(process.pid))
      .toBe(`fail: the stack is currently locked by process ${process.pid} of ann@HERE, since NOW: that process runs
mend: wait until it has ended, or: kill -INT ${process.pid}`);
    expect(await lockOf(2 ** 22 - 1))
      .toBe(`fail: the stack is currently locked by process 4194303 of ann@HERE, since NOW: that process is gone
mend: ${RECOVER}`);
    expect(await lockOf(1, "elsewhere"))
      .toBe(`fail: the stack is currently locked by process 1 of ann@elsewhere, since NOW: it cannot be seen from here
mend: ${RECOVER} --nobody-deploys, once you have made sure of it`);
    expect(await readdir(locks)).toEqual(["a.json"]);
  });

  it("has pending operations", async () => {
    const before = await pulumi("stack", "export");
    const { deployment, version } = JSON.parse(before) as { version: number; deployment: object };
    const resource = {
      urn: "urn:pulumi:dev::AWSMegatests::aws:iam/user:User::forge",
      type: "aws:iam/user:User",
      custom: true,
    };
    // The engine would clear them away as it imports: they are put where it keeps them.
    const stack = join(state, ".pulumi/stacks/AWSMegatests/dev.json");
    const checkpoint = {
      version,
      checkpoint: {
        stack: "dev",
        latest: { ...deployment, pending_operations: [{ type: "creating", resource }] },
      },
    };
    const kept = (await execa("cat", [stack])).stdout;
    await writeFile(stack, JSON.stringify(checkpoint));
    expect((await rows()).State).toBe(
      `fail: pending operations: creating aws:iam:User forge\nmend: ${RECOVER}`,
    );
    await writeFile(stack, kept);
  });
});
