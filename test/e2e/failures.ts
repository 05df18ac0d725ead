import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import ky from "ky";
import { expect, it } from "vitest";
import type { Call } from "../../sandbox/services/faults.ts";
import { printStack } from "./traces.ts";
import { keysOf, label, leftBehind, writes, type E2eWorld, type Run } from "./world.ts";

const PUSH = { service: "platform", method: "PUT", path: "^/api/credentials/" } as const;
const CPU = "aws_ireland_fusionv2_nvme_cpu_snapshots";

/** Deployments that fail half-way: the Platform works all the time, and a good deployment puts all right. */
export function failures(here: () => E2eWorld): void {
  it("keeps the Platform on the old key while the push is refused, and makes no third key", async () => {
    const { run, faults, inspect, prober } = here();
    prober.reset();
    const [old] = keysOf(await inspect());
    faults.add({ ...PUSH, kind: "status", status: 500, times: 2 });
    const refused = await run("up");
    const both = keysOf(await inspect());
    expectFailure(refused, "ERROR: Fault injected by the sandbox: HTTP 500");
    expect(both).toEqual(expect.arrayContaining([old]));
    expect(both).toHaveLength(2);
    expect(await heldKey(here())).toBe(old);
    await expectHealthy(here());
    await printStack(here());

    const again = await run("up");
    expectFailure(again, "ERROR: Fault injected by the sandbox: HTTP 500");
    expect(writes(again.calls)).toEqual(["platform PUT /api/credentials/ID"]);
    expect(keysOf(await inspect())).toEqual(both);
    expect(await heldKey(here())).toBe(old);
    await expectHealthy(here());
  });

  it("ends on the second of the two keys once the push goes through", async () => {
    const { run, inspect } = here();
    const both = keysOf(await inspect());
    const old = await heldKey(here());
    const { ok, text, calls } = await run("up");
    expect(ok, text).toBe(true);
    expect(calls.map(label)).not.toContain("aws iam:CreateAccessKey");
    await expectOneKey(
      here(),
      both.find((id) => id !== old),
    );
  });

  it("goes on where the Platform took the key and its answer was lost", async () => {
    const { run, faults, inspect } = here();
    faults.add({ ...PUSH, kind: "drop-after" });
    const lost = await run("up");
    expectFailure(lost, "ERROR: Connection error. Check the connection using the command 'tw info'.");
    const both = keysOf(await inspect());
    expect(both).toHaveLength(2);
    const held = await heldKey(here());
    expect(both).toContain(held);
    await expectHealthy(here());
    const { ok, text } = await run("up");
    expect(ok, text).toBe(true);
    await expectOneKey(here(), held);
  });

  it("refuses to delete a key that somebody put back, and hands over the new one again", async () => {
    const { run, faults, fleet, inspect } = here();
    const [old] = fleet.platform.heldKeys();
    faults.add({
      service: "platform",
      method: "POST",
      path: "^/api/compute-envs/.*/validate$",
      kind: "delay",
      milliseconds: 1500,
    });
    const since = faults.calls.at(-1)?.n ?? 0;
    const putBack = seen(here(), since, "platform POST /api/compute-envs/ID/validate").then(() =>
      putKey(here(), old!),
    );
    const { ok, text, calls } = await run("up");
    await putBack;
    expect(ok).toBe(false);
    expect(text).toContain(`The access key stays: Seqera Platform would be left with a dead one.
  got:     ${old?.accessKeyId} in tower-awstest (${old?.credentialsId})
  allowed: a key that no credentials on the Platform hold
  mend:    pulumi up, which hands the Platform the new key first`);
    expect(calls.map(label)).not.toContain("aws iam:DeleteAccessKey");
    const both = keysOf(await inspect());
    expect(both).toHaveLength(2);
    await expectHealthy(here());

    const mended = await run("up");
    expect(mended.ok, mended.text).toBe(true);
    await expectOneKey(
      here(),
      both.find((id) => id !== old?.accessKeyId),
    );
  });

  it("leaves a compute environment in use while its successor cannot be made, then replaces it", async () => {
    const e2e = here();
    const { run, faults, inspect, world } = e2e;
    const own = join(world.folder, "compute-envs");
    await cp("seqerakit/compute-envs", own, { recursive: true });
    const file = await readFile(join(own, "cpu.json"), "utf8");
    await writeFile(
      join(own, "cpu.json"),
      file.replace('"maxCpus": 500', '"maxCpus": 600').replace('"maxCpus": 1000', '"maxCpus": 1200'),
    );
    const paths = ["cpu", "gpu", "arm"].map((key) => join(own, `${key}.yml`));
    const before = await inspect();
    const former = before.platform.computeEnvs.find(({ name }) => name === CPU);

    await e2e.withConfig({ "AWSMegatests:computeEnvironments": paths }, async () => {
      // The next one to ask Batch is Forge.
      const refused = await run("up", ({ resourcePreEvent }) => {
        if (resourcePreEvent?.metadata.urn.endsWith("::seqera-cpu") && faults.rules.length === 0)
          faults.add({ service: "aws", path: "^batch:", kind: "status", status: 403 });
      });
      expect(refused.ok).toBe(false);
      expect(refused.text).toMatch(
        /The compute environment aws_ireland_fusionv2_nvme_cpu_snapshots-[0-9a-f]{8} was not made\.\n {2}got: {5}ERRORED: Forge failed: .+\n {2}allowed: AVAILABLE within 1800 seconds\n {2}mend: {4}put right what the Platform names; then: pulumi up/,
      );
      const meanwhile = await inspect();
      expect(meanwhile.github).toEqual(before.github);
      expect(meanwhile.platform.computeEnvs).toEqual(expect.arrayContaining(before.platform.computeEnvs));

      const { ok, text, calls } = await run("up");
      expect(ok, text).toBe(true);
      const after = await inspect();
      const successor = after.platform.computeEnvs.find(({ name }) => name.startsWith(`${CPU}-`));
      expect(successor?.status).toBe("AVAILABLE");
      expect(after.platform.computeEnvs).toHaveLength(3);
      expect(after.platform.computeEnvs).not.toContainEqual(former);
      expect(after.github.variables).toEqual({
        ...before.github.variables,
        TOWER_COMPUTE_ENV_CPU: successor?.id,
      });
      const order = [
        /^POST \/api\/compute-envs$/,
        /TOWER_COMPUTE_ENV_CPU$/,
        new RegExp(`^DELETE /api/compute-envs/${former?.id}$`),
      ].map((what) =>
        calls.findIndex(
          ({ method, path }) => method !== "GET" && what.test(`${method} ${path.split("?")[0]}`),
        ),
      );
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(order[0]).toBeGreaterThanOrEqual(0);
      await expectOneKey(here());
    });
  });

  it("never left the Platform with a key that AWS refuses", () => {
    expect(here().prober.probed).toMatchObject({ refused: [], unanswered: expect.any(Number) as number });
    expect(here().prober.probed.calls).toBeGreaterThan(50);
  });
}

/** The step failed, says why in the tool's words, and by which exit code. */
function expectFailure({ ok, text }: Run, said: string): void {
  expect(ok).toBe(false);
  expect(text)
    .toContain(`error: command:local:Command seqera-credentials: exit status 1: running "node seqerakit/apply/main.ts credentials":
tw failed with exit code 1.
  got:     ${said}
  mend:    pulumi up`);
  expect(text).not.toMatch(/^\s+at /m);
}

/** Everything on the Platform works, by what the Platform itself finds when it asks AWS. */
async function expectHealthy(e2e: E2eWorld): Promise<void> {
  const { platform } = await e2e.inspect();
  for (const { id } of platform.credentials)
    expect(await ask(e2e, "post", `credentials/${id}/validate`)).toMatchObject({ status: "AVAILABLE" });
  expect(platform.computeEnvs.map(({ status }) => status)).toEqual(
    platform.computeEnvs.map(() => "AVAILABLE"),
  );
  expect(await leftBehind(e2e)).toEqual([]);
}

async function expectOneKey(e2e: E2eWorld, id?: string): Promise<void> {
  const keys = keysOf(await e2e.inspect());
  expect(keys).toEqual([id ?? (await heldKey(e2e))]);
  expect(await heldKey(e2e)).toBe(keys[0]);
  await expectHealthy(e2e);
}

async function heldKey({ fleet }: E2eWorld): Promise<string | undefined> {
  const keys = fleet.platform.heldKeys();
  expect(keys).toHaveLength(1);
  return keys[0]?.accessKeyId;
}

/** As a person would by the Platform's own pages. */
async function putKey(
  e2e: E2eWorld,
  {
    accessKeyId,
    secretAccessKey,
    credentialsId,
    name,
  }: ReturnType<E2eWorld["fleet"]["platform"]["heldKeys"]>[number],
): Promise<void> {
  const keys = { discriminator: "aws", accessKey: accessKeyId, secretKey: secretAccessKey };
  await ask(e2e, "put", `credentials/${credentialsId}`, {
    credentials: { id: credentialsId, name, provider: "aws", keys },
  });
}

async function ask(
  { fleet, seed }: E2eWorld,
  method: "post" | "put",
  path: string,
  json?: object,
): Promise<unknown> {
  const answer = await ky[method](`${fleet.urls.platform}/api/${path}`, {
    headers: { authorization: `Bearer ${seed.platformToken}` },
    searchParams: { workspaceId: seed.workspaceId },
    json,
  });
  return answer.status === 204 ? undefined : answer.json();
}

async function seen({ faults }: E2eWorld, since: number, call: string): Promise<void> {
  const found = (each: Call) => each.n > since && label(each) === call;
  while (!faults.calls.some(found)) await sleep(20);
}
