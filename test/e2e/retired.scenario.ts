/** Compute environments that are replaced while runs are active on them: they stay for these, are named, and go later. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CPU, ownFiles, type OwnFiles } from "./own-files.ts";
import { keysOf, startWorld, type E2eWorld, type Run } from "./world.ts";

let e2e: E2eWorld;
let own: OwnFiles;
/** The first, its successor, and the successor of that. */
const ids: string[] = [];
const runs: string[] = [];

beforeAll(async () => {
  e2e = await startWorld();
  own = await ownFiles(e2e);
  await deployed();
}, 180_000);
afterAll(() => e2e.close(), 60_000);

/** Deploys; the id that GitHub publishes then is the newest one's. */
async function deployed(config: Record<string, unknown> = {}): Promise<Run> {
  const run = await e2e.withConfig({ ...own.config, ...config }, () => e2e.run("up"));
  expect(run.ok, run.text).toBe(true);
  const { github, platform } = await e2e.inspect();
  const published = github.variables["TOWER_COMPUTE_ENV_CPU"]!;
  if (!ids.includes(published)) ids.push(published);
  expect(platform.computeEnvs.find(({ id }) => id === published)?.status).toBe("AVAILABLE");
  return run;
}
const names = async () =>
  Object.fromEntries(
    (await e2e.inspect()).platform.computeEnvs
      .filter(({ name }) => name.startsWith(CPU))
      .map(({ id, name, status }) => [id, `${name} ${status}`]),
  );
const retired = (id: string) => `${CPU}-retired-${id.slice(0, 8)}`;
const output = async () => (await e2e.stack.outputs())["retiredComputeEnvironmentIds"]?.value as unknown;
const warning = (
  id: string,
  run: string,
) => `A compute environment that was replaced is still there: ${retired(id)} (${id}).
  because: runs are active on it: ${run}
  then:    the first deployment that finds it free deletes it; nothing new is launched on it`;

describe("a compute environment on which a run is active", { timeout: 120_000 }, () => {
  it("is replaced, and stays under a name of its own", async () => {
    runs.push(e2e.fleet.platform.seedRun(ids[0]!, "RUNNING", "crazy_hopper"));
    await own.change(1200);
    const { text } = await deployed();
    expect(text).toContain(warning(ids[0]!, "crazy_hopper"));
    expect(await names()).toEqual({
      [ids[0]!]: `${retired(ids[0]!)} DISABLED`,
      [ids[1]!]: expect.stringMatching(`^${CPU}-[0-9a-f]{8} AVAILABLE$`),
    });
    await expectPlatformWorks();
  });

  it("is replaced again, while the one before it still stays", async () => {
    runs.push(e2e.fleet.platform.seedRun(ids[1]!, "SUBMITTED", "mad_curie"));
    await own.change(1400);
    const { text } = await deployed();
    expect(text).toContain(warning(ids[0]!, "crazy_hopper"));
    expect(text).toContain(warning(ids[1]!, "mad_curie"));
    expect(await names()).toEqual({
      [ids[0]!]: `${retired(ids[0]!)} DISABLED`,
      [ids[1]!]: `${retired(ids[1]!)} DISABLED`,
      [ids[2]!]: `${CPU} AVAILABLE`,
    });
    expect(await output()).toEqual({ [retired(ids[0]!)]: ids[0] });
    await expectPlatformWorks();
  });

  it("goes once the run has ended, whatever the rotation; the others stay", async () => {
    const manual = { "AWSMegatests:rotation": "manual", "AWSMegatests:rotationSerial": "1" };
    await deployed(manual);
    e2e.fleet.platform.setRunStatus(runs[0]!, "SUCCEEDED");
    const { text } = await deployed(manual);
    expect(text).toContain(warning(ids[1]!, "mad_curie"));
    expect(await names()).toEqual({
      [ids[1]!]: `${retired(ids[1]!)} DISABLED`,
      [ids[2]!]: `${CPU} AVAILABLE`,
    });
    expect(await output()).toEqual({ [retired(ids[1]!)]: ids[1] });
  });

  it("is kept by a destruction too, with key and credentials, until the run has ended", async () => {
    const refused = await e2e.run("destroy");
    expect(refused.ok).toBe(false);
    expect(refused.text)
      .toContain(`The credentials are still used by compute environments, so they stay, and their key or role with them.
  got:     ${retired(ids[1]!)} (${ids[1]}): runs are active on it: mad_curie
  mend:    wait until the runs have ended, or: tw runs cancel -i ID; then: pulumi destroy --run-program`);
    expect(await names()).toEqual({ [ids[1]!]: `${retired(ids[1]!)} DISABLED` });
    expect(keysOf(await e2e.inspect())).toHaveLength(1);

    e2e.fleet.platform.setRunStatus(runs[1]!, "CANCELLED");
    const { ok, text } = await e2e.run("destroy");
    expect(ok, text).toBe(true);
    const { platform, aws } = await e2e.inspect();
    expect([platform, aws.users]).toEqual([{ credentials: [], computeEnvs: [] }, []]);
    expect(e2e.prober.probed.refused).toEqual([]);
  });
});

/** One key; what was replaced is closed, all else AVAILABLE. */
async function expectPlatformWorks(): Promise<void> {
  const { platform } = await e2e.inspect();
  const working = platform.computeEnvs.filter(({ name }) => !name.includes("-retired-"));
  expect(working.map(({ status }) => status)).toEqual(["AVAILABLE", "AVAILABLE", "AVAILABLE"]);
  expect(keysOf(await e2e.inspect())).toEqual(
    e2e.fleet.platform.heldKeys().map(({ accessKeyId }) => accessKeyId),
  );
}
