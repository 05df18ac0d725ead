/** What each `megatests sandbox` command does, from the options to the last line. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { stackConfig } from "../../sandbox/project.ts";
import { findServices, stopServices } from "../../sandbox/services/client.ts";
import { findExecutable } from "../../sandbox/toolchain/find-executable.ts";
import { openWorld, type World } from "../../sandbox/world.ts";
import type { Progress } from "../progress.ts";
import { circumstances, holdings, type UpDocument } from "./document.ts";
import { operate } from "./operation.ts";
import { faultsOf, since, withSession, type SandboxOptions, type Session } from "./session.ts";
import { shellEnvironment } from "./shell.ts";
import { circumstancesText, holdingsTable } from "./summary.ts";
import { disagreements, expectedOf, leftovers, type Expected } from "./verify.ts";

/** What a command gives: data for `--json`, words for people. */
export interface Outcome {
  document: unknown;
  text: string;
  /** With `--keep`: lines for a shell, which have standard output for themselves. */
  shell?: string[];
}

/** Deploys, then asks the services whether all is as it should be. */
export async function up(options: SandboxOptions, progress: Progress): Promise<Outcome> {
  return withSession(options, progress, async (session) => {
    const { services, deployment, world, seconds } = session;
    await services.resetProber();
    await services.addFaults(faultsOf(options));
    const deploying = Date.now();
    progress.line("  pulumi up");
    const outputs = await operate(progress, (...args) => deployment.up(...args));
    seconds.deploy = since(deploying);
    await services.save();

    const verifying = Date.now();
    const expected = await expectedHere(world);
    const status = await services.status();
    for (const rule of status.faults) progress.warn(`this fault has hit no call: ${JSON.stringify(rule)}`);
    const wrong = disagreements(status, expected);
    seconds.verify = since(verifying);
    if (wrong.length > 0) throw new Error(`The services disagree with the deployment:\n${list(wrong)}`);

    const held = holdings(status, expected);
    const document: UpDocument = { ...circumstances(session), outputs, ...held };
    const text = `${holdingsTable(held)}\n${circumstancesText(document)}`;
    return conclude(session, options, progress, { document, text });
  });
}

/** Shows what `up` would do. */
export async function preview(options: SandboxOptions, progress: Progress): Promise<Outcome> {
  return withSession(options, progress, async (session) => {
    const begun = Date.now();
    progress.line("  pulumi preview");
    const changes = await operate(progress, (...args) => session.deployment.preview(...args));
    session.seconds.deploy = since(begun);
    const document = { ...circumstances(session), changes };
    const words = Object.entries(changes).map(([op, count]) => `${op} ${count}`);
    const text = `changes   ${words.join(", ")}\n${circumstancesText(document)}`;
    return conclude(session, options, progress, { document, text });
  });
}

/** Removes the stack; what is protected stays. */
export async function destroy(options: SandboxOptions, progress: Progress): Promise<Outcome> {
  return withSession(options, progress, async (session) => {
    const begun = Date.now();
    progress.line("  pulumi destroy --exclude-protected --run-program");
    await operate(progress, (...args) => session.deployment.destroy(...args));
    session.seconds.deploy = since(begun);
    const status = await session.services.status();
    const expected = await expectedHere(session.world);
    const left = leftovers(status, expected);
    if (left.length > 0) throw new Error(`Not everything is gone:\n${list(left)}`);
    const { bucket } = expected;
    const document = {
      ...circumstances(session),
      ...holdings(status, expected),
      bucket: { name: bucket, exists: status.aws.bucket },
    };
    const text =
      `AWS, Seqera Platform and GitHub hold nothing of the stack any more.\n` +
      `The bucket ${bucket} is protected: it is still there, and stays in the stack's state.`;
    return conclude(session, options, progress, { document, text });
  });
}

/** Says what the services hold, if they run. */
export async function status(): Promise<Outcome> {
  const world = openWorld();
  const services = await findServices(world);
  if (!services)
    return {
      document: { running: false, folder: world.folder },
      text: `The services of ${world.folder} are not running. Start them with: npm run sandbox -- up --keep`,
    };
  const seen = await services.status();
  const held = holdings(seen, await expectedHere(world));
  const { urls, pid } = services;
  const where = Object.entries(urls).map(([name, url]) => `${name.padEnd(12)} ${url}`);
  return {
    document: { running: true, folder: world.folder, pid, urls, ...held },
    text: `${where.join("\n")}\n${holdingsTable(held)}`,
  };
}

/** Ends the services; what they hold is saved. */
export async function down(): Promise<Outcome> {
  const world = openWorld();
  const stopped = await stopServices(world);
  const text = stopped
    ? "The services are stopped; the next command goes on from here."
    : "The services were not running.";
  return { document: { stopped }, text };
}

/** Ends the services and forgets everything. */
export async function reset(): Promise<Outcome> {
  const world = openWorld();
  const stopped = await stopServices(world);
  await rm(world.folder, { recursive: true, force: true });
  return { document: { stopped, removed: world.folder }, text: `${world.folder} is removed.` };
}

/** With `--keep`, adds the environment for one's own commands, and a word on what it lacks. */
async function conclude(
  { world, env, services }: Session,
  { keep }: SandboxOptions,
  progress: Progress,
  { document, text }: { document: object; text: string },
): Promise<Outcome> {
  if (!keep) return { document, text };
  if (!(await findExecutable("pulumi-language-nodejs", env.PATH)))
    progress.warn(
      "this engine has no language host for Node, for it was built from source: your own `pulumi stack`, `tw`, `aws`\n" +
        "and `seqerakit` work, your own `pulumi up` does not. Install the whole Pulumi, or use: npm run sandbox -- up",
    );
  const { environment, lines } = await shellEnvironment(world, env, await services.secrets());
  return { document: { ...document, environment }, text, shell: lines };
}

async function expectedHere(world: World): Promise<Expected> {
  const { name } = parse(await readFile(join(world.root, "Pulumi.yaml"), "utf8")) as { name: string };
  return expectedOf(await stackConfig(world), name);
}

function list(items: string[]): string {
  return items.map((item) => `  - ${item}`).join("\n");
}
