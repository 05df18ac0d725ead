import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type { Call } from "../../sandbox/services/faults.ts";
import { label, writes } from "./calls.ts";
import { expectHealthy, expectOneKey, heldKey, putKey } from "./platform.ts";
import { printStack } from "./traces.ts";
import { keysOf, type E2eWorld, type Run } from "./world.ts";

/** How often a deployment asks for a push while the Platform is not well. */
const TRIES = 3;
const PUSH = { service: "platform", method: "PUT", path: "^/api/credentials/" } as const;

/** Deployments that fail half-way: the Platform works all the time, and a good deployment puts all right. */
export function failures(here: () => E2eWorld): void {
  afterEach(() => here().faults.clear());

  it("keeps the Platform on the old key while the push is refused, and makes no third key", async () => {
    const { run, faults, inspect, prober } = here();
    prober.reset();
    const [old] = keysOf(await inspect());
    // In each of two deployments once, and as often as that is tried again.
    faults.add({ ...PUSH, kind: "status", status: 500, times: 2 * TRIES });
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
    expect(writes(again.calls)).toEqual(Array(TRIES).fill("platform PUT /api/credentials/ID"));
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

  it("does not mind that the Platform took the key and its answer was lost", async () => {
    const { run, faults } = here();
    faults.add({ ...PUSH, kind: "drop-after" });
    const { ok, text, calls } = await run("up");
    expect(ok, text).toBe(true);
    expect(calls.map(label).filter((call) => call === "platform PUT /api/credentials/ID")).toHaveLength(2);
    await expectOneKey(here());
  });

  it("goes on where the Platform took the key and all its answers were lost", async () => {
    const { run, faults, inspect } = here();
    faults.add({ ...PUSH, kind: "drop-after", times: TRIES });
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
    const running = run("up");
    const called = seen(here(), since, "platform POST /api/compute-envs/ID/validate");
    await Promise.race([called, running]);
    await putKey(here(), old!);
    const { ok, text, calls } = await running;
    expect(ok).toBe(false);
    expect(text).toContain(`The access key stays: Seqera Platform would be left with a dead one.
  got:     ${old?.accessKeyId} in tower-awstest (${old?.credentialsId})
  allowed: a key that no credentials on the Platform hold
  mend:    pulumi up, which hands the Platform the new key first; to remove all: tw credentials delete -i ${old?.credentialsId}`);
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
}

/** The step failed, says why in the tool's words, and by which exit code. */
function expectFailure({ ok, text }: Run, said: string): void {
  expect(ok).toBe(false);
  // Ids and the private folder's name differ from run to run; the rest is asserted as it stands.
  const known = text.replace(/-i \S+ -a \S+ -s @\S+/, "-i ID -a KEY -s @FILE");
  expect(known)
    .toContain(`error: command:local:Command seqera-credentials: exit status 1: running "node seqerakit/apply/main.ts credentials":
tw failed with exit code 1.
  ran:     tw --insecure credentials update aws -i ID -a KEY -s @FILE
  got:     ${said}
  mend:    pulumi up`);
  expect(text).not.toMatch(/^\s+at /m);
}

/** Waits for a call, a minute at most. */
async function seen({ faults }: E2eWorld, since: number, call: string): Promise<void> {
  const found = (each: Call) => each.n > since && label(each) === call;
  for (let tries = 0; tries < 3000 && !faults.calls.some(found); tries++) await sleep(20);
}
