/** What can happen to the access key, by lost answers and by hand: `up` mends it, or says what does. */
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  DetachUserPolicyCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { label } from "./calls.ts";
import { expectOneKey } from "./platform.ts";
import { keysOf, startWorld, type E2eWorld } from "./world.ts";

const UserName = "TowerForge-AWSMegatests";
let e2e: E2eWorld;
let iam: IAMClient;

beforeAll(async () => {
  e2e = await startWorld();
  iam = new IAMClient(e2e.fleet.aws.adminClientConfig());
}, 120_000);
afterAll(() => e2e.close(), 60_000);
afterEach(() => {
  e2e.faults.clear();
  expect(e2e.prober.probed.refused).toEqual([]);
});

describe("answers that are lost", { timeout: 180_000 }, () => {
  it("of whatever a first deployment makes: it is made again, or found", async () => {
    const lost = (path: string) => e2e.faults.add({ service: "aws", path, kind: "drop-after" });
    for (const action of ["CreateUser", "CreatePolicy", "AttachUserPolicy", "CreateAccessKey"])
      lost(`^iam:${action}$`);
    e2e.faults.add({ service: "github", method: "POST", path: "/variables$", kind: "drop-after", times: 2 });
    const first = await e2e.run("up");
    expect(e2e.faults.rules).toEqual([]);
    expect(first.ok, first.text).toBe(true);
    expect(keysOf(await e2e.inspect())).toHaveLength(2);

    const second = await e2e.run("up");
    expect(second.ok, second.text).toBe(true);
    expect(second.text).toMatch(
      /The access key \w+ of TowerForge-AWSMegatests is deleted: neither Seqera Platform nor the state works with it\./,
    );
    await expectOneKey(e2e);
  });

  it("of the new key in a rotation: the lost one makes room", async () => {
    e2e.faults.add({ service: "aws", path: "^iam:CreateAccessKey$", kind: "drop-after" });
    const { ok, text } = await e2e.run("up");
    expect(ok, text).toBe(true);
    await expectOneKey(e2e);
  });
});

describe("a preview", { timeout: 60_000 }, () => {
  it("says what will happen to the key, and the same each time", async () => {
    const [key] = keysOf(await e2e.inspect());
    const texts = [await e2e.run("preview"), await e2e.run("preview")].map(({ text }) => text);
    expect(texts[0]).toContain(
      `The access key ${key} of ${UserName} is renewed: a new one is made, tried on AWS and handed to Seqera Platform, where credentials and compute environments keep their ids; ${key} is deleted last.`,
    );
    // What runs side by side is told in either order.
    const lines = texts.map((text) => text.split("\n").toSorted());
    expect(lines[1]).toEqual(lines[0]);
  });

  it("says how long a key stays", async () => {
    const [key] = keysOf(await e2e.inspect());
    await e2e.withConfig(
      { "AWSMegatests:rotation": "manual", "AWSMegatests:rotationSerial": "1" },
      async () => {
        expect((await e2e.run("up")).ok).toBe(true);
        const [renewed] = keysOf(await e2e.inspect());
        expect(renewed).not.toBe(key);
        const { text, steps } = await e2e.run("preview");
        expect(text).toContain(
          `The access key ${renewed} of ${UserName} stays until rotationSerial is no longer 1.`,
        );
        expect(steps).toEqual({});
      },
    );
  });
});

describe("a person", { timeout: 180_000 }, () => {
  const manually = <T>(work: () => Promise<T>) =>
    e2e.withConfig({ "AWSMegatests:rotation": "manual", "AWSMegatests:rotationSerial": "1" }, work);

  it("makes another key by hand: it goes", async () => {
    const [before] = keysOf(await e2e.inspect());
    await iam.send(new CreateAccessKeyCommand({ UserName }));
    const { ok, text, calls } = await manually(() => e2e.run("up"));
    expect(ok, text).toBe(true);
    expect(calls.map(label)).not.toContain("aws iam:CreateAccessKey");
    await expectOneKey(e2e, before);
  });

  it("deletes the key by hand: there is a new one, whatever the rotation", async () => {
    const [AccessKeyId] = keysOf(await e2e.inspect());
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    const { ok, text } = await manually(() => e2e.run("up"));
    expect(ok, text).toBe(true);
    await expectOneKey(e2e);
    // The one that was deleted by hand was refused, of course.
    e2e.prober.reset();
  });

  it("detaches a policy: the deployment says what mends that, and it does", async () => {
    const { aws } = await e2e.inspect();
    const PolicyArn = `arn:aws:iam::${e2e.seed.awsAccountId}:policy/TowerForge-Launch-Policy`;
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    const { ok, text } = await e2e.run("up");
    expect(ok).toBe(false);
    expect(text)
      .toContain(`Policies were detached from the IAM user ${UserName} by hand, so Seqera Platform cannot do its work with the key.
  got:     without Launch
  allowed: Forge, Launch and S3, as a deployment attaches them
  mend:    pulumi refresh --run-program --yes, which tells the state; then: pulumi up`);
    await e2e.stack.refresh({ runProgram: true });
    const mended = await e2e.run("up");
    expect(mended.ok, mended.text).toBe(true);
    expect((await e2e.inspect()).aws.users[0]?.policies).toEqual(aws.users[0]?.policies);
    await expectOneKey(e2e);
  });
});
