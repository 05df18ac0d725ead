/** `npm run bench`: what a deployment costs on the sandbox. Whole-process times; medians of interleaved pairs. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import Table from "cli-table3";
import { execa } from "execa";
import { withoutAccounts } from "../../sandbox/environment.ts";
import { type E2eWorld, startWorld } from "../e2e/world.ts";

const PAIRS = 5;
const NEW_KEY_SECONDS = 1;
const ENVIRONMENT_SECONDS = 5;
const seconds = (value: number) => `${value.toFixed(2)} s`;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** A stack without resources, on the same engine, backend and machine. */
async function emptyStack(e2e: E2eWorld): Promise<Stack> {
  const workDir = join(e2e.world.folder, "empty");
  await mkdir(workDir);
  await writeFile(join(workDir, "Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
  const program = () => Promise.resolve({});
  return LocalWorkspace.createOrSelectStack(
    { stackName: "empty", projectName: "empty", program },
    { workDir, envVars: e2e.stack.workspace.envVars },
  );
}

/** Seconds from the first compute environment's begin to the last one's end. */
function environmentsClock() {
  const ours = (urn = "") => /::seqera-(cpu|gpu|arm)$/.test(urn);
  let first = Infinity;
  let last = 0;
  return {
    onEvent: ({ resourcePreEvent, resOutputsEvent }: EngineEvent) => {
      if (ours(resourcePreEvent?.metadata.urn)) first = Math.min(first, performance.now());
      if (ours(resOutputsEvent?.metadata.urn)) last = Math.max(last, performance.now());
    },
    seconds: () => (last - first) / 1000,
  };
}

async function good(run: ReturnType<E2eWorld["run"]>) {
  const done = await run;
  if (!done.ok) throw new Error(done.text);
  return done;
}

async function doctor({ world, env, temporary }: E2eWorld): Promise<void> {
  await execa(process.execPath, ["cli/main.ts", "doctor"], {
    ...{ cwd: world.root, extendEnv: false, stdin: "ignore" },
    env: { ...withoutAccounts(), ...env, TMPDIR: temporary },
  });
}

async function bench(e2e: E2eWorld): Promise<string[][]> {
  await e2e.fleet.apply({ newKeySeconds: NEW_KEY_SECONDS, envSeconds: ENVIRONMENT_SECONDS });
  const clock = environmentsClock();
  await good(e2e.run("up", clock.onEvent));
  const rotation = (await timed(() => good(e2e.run("up")))) - NEW_KEY_SECONDS;

  const empty = await emptyStack(e2e);
  await empty.up();
  const took = {
    preview: [] as number[],
    up: [] as number[],
    emptyPreview: [] as number[],
    emptyUp: [] as number[],
    doctor: [] as number[],
  };
  let calls: Awaited<ReturnType<E2eWorld["run"]>>["calls"] = [];
  await e2e.withConfig({ "AWSMegatests:rotation": "manual" }, async () => {
    // The switch itself renews the key; after it, nothing is due.
    await good(e2e.run("up"));
    for (let pair = 0; pair < PAIRS; pair++) {
      took.emptyPreview.push(await timed(() => empty.preview()));
      took.preview.push(await timed(async () => ({ calls } = await good(e2e.run("preview")))));
      took.emptyUp.push(await timed(() => empty.up()));
      took.up.push(await timed(() => good(e2e.run("up"))));
      took.doctor.push(await timed(() => doctor(e2e)));
    }
  });
  const to = (service: string) => calls.filter((call) => call.service === service);
  const items = to("onepassword").filter(({ path }) => /\/items\/[^/?]+$/.test(path));
  const ratio = (ours: number[], theirs: number[]) =>
    `${(median(ours) / median(theirs)).toFixed(2)} times ${seconds(median(theirs))}`;
  return [
    [
      "preview, nothing due",
      seconds(median(took.preview)),
      ratio(took.preview, took.emptyPreview),
      "1.5 times",
    ],
    ["up, nothing due", seconds(median(took.up)), ratio(took.up, took.emptyUp), ""],
    ["rotation, less the new key's wait", seconds(rotation), "", ""],
    [`three compute environments of ${ENVIRONMENT_SECONDS} s`, seconds(clock.seconds()), "", "6.50 s"],
    ["items read from 1Password in a preview", String(items.length), "", "3"],
    ["calls to Seqera Platform in a preview", String(to("platform").length), "", "0"],
    ["megatests doctor, nothing to mend", seconds(median(took.doctor)), "", "5.00 s"],
  ];
}

const e2e = await startWorld();
// The watch over every process's arguments takes a good part of a core.
await e2e.argv.end();
try {
  const table = new Table({
    head: ["what", "took", "against an empty stack", "goal"],
    style: { head: [], border: [] },
  });
  table.push(...(await bench(e2e)));
  console.log(table.toString());
} finally {
  await e2e.close();
}
