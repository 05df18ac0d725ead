import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, it } from "vitest";
import { RecordingMocks, useMocks } from "./test/mocks.ts";
import { answered } from "./time-limit.ts";

beforeEach(() => useMocks(new RecordingMocks({})));

it("gives the answer, and a refusal, as they are", async () => {
  expect(await answered("AWS", { callSeconds: 1 }, Promise.resolve(7))).toBe(7);
  await expect(answered("AWS", { callSeconds: 1 }, Promise.reject(new Error("no")))).rejects.toThrow("no");
});

it("stops waiting, and says for whom", async () => {
  const never = sleep(60_000, undefined, { ref: false });
  const failure: unknown = await answered("1Password", { callSeconds: 0.05 }, never).catch((e: unknown) => e);
  expect(failure).toBeInstanceOf(pulumi.RunError);
  expect((failure as Error).message)
    .toBe(`1Password gives no answer, so the deployment stops before it changes anything.
  got:     nothing for 0.05 seconds
  mend:    pulumi up, once 1Password can be reached; or wait longer: pulumi config set AWSMegatests:callSeconds 0.1`);
});
