/** What operators do to a deployment that is under way, and which options they give: no invariant breaks. */
import { setTimeout as sleep } from "node:timers/promises";
import { hostname, userInfo } from "node:os";
import { execa } from "execa";
import type { UpOptions } from "@pulumi/pulumi/automation/index.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../sandbox/services/faults.ts";
import { STACK } from "../../sandbox/world.ts";
import { label } from "./calls.ts";
import { expectHealthy, expectOneKey, heldKey } from "./platform.ts";
import { keysOf, startWorld, type E2eWorld } from "./world.ts";

const PUSH = { service: "platform", method: "PUT", path: "^/api/credentials/" } as const;
const COMPONENT = `urn:pulumi:${STACK}::AWSMegatests::AWSMegatests:towerforge:TowerForgeUser`;
const KEY = `${COMPONENT}$aws:iam/accessKey:AccessKey::towerforge-key`;
const TRIGGER = `${COMPONENT}$pulumi:index:Stash::towerforge-rotation`;
let e2e: E2eWorld;

beforeAll(async () => {
  e2e = await startWorld();
  const { ok, text } = await e2e.run("up");
  expect(ok, text).toBe(true);
}, 180_000);
afterAll(() => e2e.close(), 60_000);
afterEach(() => {
  e2e.faults.clear();
  expect(e2e.prober.probed.refused).toEqual([]);
});

describe("two operators at once", { timeout: 60_000 }, () => {
  it("the second is told who holds the lock, and the first ends well", async () => {
    e2e.faults.add({ ...PUSH, kind: "delay", milliseconds: 3000 });
    const first = e2e.run("up");
    await seen("aws iam:CreateAccessKey");
    const second = await e2e.run("up");
    expect(second.ok).toBe(false);
    expect(second.text).toMatch(/the stack is currently locked by 1 lock\(s\)/);
    expect(second.text).toContain(`created by ${userInfo().username}@${hostname()} (pid `);
    const { ok, text } = await first;
    expect(ok, text).toBe(true);
    await expectOneKey(e2e);
  });
});

describe("an operator who interrupts", { timeout: 120_000 }, () => {
  it.each(["aws iam:CreateAccessKey", "platform PUT /api/credentials/ID"])(
    "once %s has been asked: the next deployment ends well",
    async (call) => {
      e2e.faults.add({ ...PUSH, kind: "delay", milliseconds: 1500 });
      const since = e2e.faults.calls.at(-1)?.n ?? 0;
      const running = e2e.run("up");
      await seen(call, since);
      // Other worlds deploy at the same time.
      await execa("pkill", ["-INT", "-P", String(process.pid), "-f", `pulumi up .*--stack ${STACK}`]);
      expect((await running).ok).toBe(false);
      await expectHealthy(e2e);
      const { ok, text } = await e2e.run("up");
      expect(ok, text).toBe(true);
      await expectOneKey(e2e);
    },
  );
});

describe("five failed deployments in a row", { timeout: 120_000 }, () => {
  it("make one key more, not five, and a good one ends on it", async () => {
    const [old] = keysOf(await e2e.inspect());
    e2e.faults.add({ ...PUSH, kind: "status", status: 403, times: 100 });
    const made = new Set<string>();
    for (let each = 0; each < 5; each++) {
      expect((await e2e.run("up")).ok).toBe(false);
      for (const id of keysOf(await e2e.inspect())) made.add(id);
      expect(await heldKey(e2e)).toBe(old);
    }
    expect(made.size).toBe(2);
    e2e.faults.clear();
    const { ok, text } = await e2e.run("up");
    expect(ok, text).toBe(true);
    await expectOneKey(
      e2e,
      [...made].find((id) => id !== old),
    );
  });
});

describe("a new key that AWS does not know everywhere yet", { timeout: 120_000 }, () => {
  it("is pushed only when STS and Batch both know it", async () => {
    e2e.fleet.aws.setNewKeySeconds(3);
    e2e.fleet.aws.setServiceDelays({ batch: 6 });
    const { ok, text, calls } = await e2e.run("up").finally(() => {
      e2e.fleet.aws.setNewKeySeconds(1);
      e2e.fleet.aws.setServiceDelays({});
    });
    expect(ok, text).toBe(true);
    const at = (call: string) => Date.parse(calls.find((each) => label(each) === call)?.at ?? "");
    expect(at("platform PUT /api/credentials/ID") - at("aws iam:CreateAccessKey")).toBeGreaterThan(6000);
    await expectOneKey(e2e);
  });
});

describe("an operator's options", { timeout: 120_000 }, () => {
  const up = (options: UpOptions) =>
    e2e.stack.up({ ...options, suppressOutputs: true, color: "never" }).then(
      () => "",
      (error: Error) => error.message,
    );

  it("--target the key: it is not due by itself, so it stays", async () => {
    const held = await heldKey(e2e);
    expect(await up({ target: [KEY] })).toBe("");
    await expectOneKey(e2e, held);
  });

  it.each<[string, UpOptions]>([
    ["--target the key and its trigger", { target: [KEY, TRIGGER] }],
    ["--target-replace the key", { target: [KEY], replace: [KEY] }],
  ])("%s: the new key waits for its push, and the old one is kept for as long", async (_name, options) => {
    const held = await heldKey(e2e);
    const said = await up(options);
    expect(said).toContain("The access key stays: Seqera Platform would be left with a dead one.");
    expect(await heldKey(e2e)).toBe(held);
    await expectHealthy(e2e);
    const { ok, text } = await e2e.run("up");
    expect(ok, text).toBe(true);
    await expectOneKey(e2e);
  });

  it("--continue-on-error: a failed push does not let the old key go", async () => {
    const held = await heldKey(e2e);
    e2e.faults.add({ ...PUSH, kind: "status", status: 403, times: 100 });
    expect(await up({ continueOnError: true })).not.toBe("");
    expect(await heldKey(e2e)).toBe(held);
    expect(keysOf(await e2e.inspect())).toContain(held);
    await expectHealthy(e2e);
    e2e.faults.clear();
    const { ok, text } = await e2e.run("up");
    expect(ok, text).toBe(true);
    await expectOneKey(e2e);
  });

  it("--refresh, and a refresh by itself: the rotation is as always", async () => {
    await e2e.stack.refresh({ runProgram: true });
    expect(await up({ refresh: true })).toBe("");
    await expectOneKey(e2e);
  });
});

describe("another rotation", { timeout: 120_000 }, () => {
  it("is switched to in the midst of an unfinished one: that is finished first, whatever the switch", async () => {
    for (const rotation of ["everyDays", "manual", "deployment"]) {
      e2e.faults.add({ ...PUSH, kind: "status", status: 403, times: 100 });
      // A switch makes a new key due; the push of it fails.
      await e2e.withConfig({ "AWSMegatests:rotation": rotation }, async () => {
        expect((await e2e.run("up")).ok).toBe(false);
      });
      const both = keysOf(await e2e.inspect());
      expect(both).toHaveLength(2);
      e2e.faults.clear();
      const { ok, text, calls } = await e2e.run("up");
      expect(ok, text).toBe(true);
      expect(calls.map(label)).not.toContain("aws iam:CreateAccessKey");
      await expectOneKey(e2e);
      expect(both).toContain(await heldKey(e2e));
    }
  });
});

/** Waits until a call is under way, a minute at most. */
async function seen(call: string, since = e2e.faults.calls.at(-1)?.n ?? 0): Promise<void> {
  const found = (each: Call) => each.n > since && label(each) === call;
  for (let tries = 0; tries < 3000 && !e2e.faults.calls.some(found); tries++) await sleep(20);
}
