import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it, vi } from "vitest";
import { Fault } from "../fault.ts";
import { makeContext } from "./context.ts";

const MINUTE = 60_000;

/** A clock that stands until it is moved. */
function clock() {
  let time = Date.parse("2030-01-01T00:00:00Z");
  return { now: () => time, pass: (milliseconds: number) => void (time += milliseconds) };
}

/** Credentials that say how often they were read, and how long they last. */
function source(name: string, lasting?: { now: () => number; for: number }) {
  let reads = 0;
  const load = vi.fn(async () => {
    reads += 1;
    await turn();
    const expiration = lasting && new Date(lasting.now() + lasting.for);
    return { accessKeyId: `${name}-${reads}`, secretAccessKey: `secret of ${name}`, expiration };
  });
  return load;
}

const fixed = (accessKeyId: string) => async () => ({
  accessKeyId,
  secretAccessKey: `secret of ${accessKeyId}`,
});
const idOf = async (read: Promise<{ accessKeyId: string }>) => (await read).accessKeyId;

describe("sets", () => {
  it("are read when first asked for, several side by side", async () => {
    const context = makeContext();
    const [one, other] = [source("one"), source("other")];
    context.set(one);
    context.set(other, "other account");
    expect(one).not.toHaveBeenCalled();
    expect(await idOf(context.get())).toBe("one-1");
    expect(await idOf(context.get("other account"))).toBe("other-1");
  });

  it("that are not set are named, with those that are", async () => {
    const context = makeContext();
    context.set(fixed("A"), "production");
    await expect(context.get("staging")).rejects.toThrow(
      new Fault("There are no credentials of this name.", {
        got: "staging",
        allowed: "production",
        mend: "npm run --silent megatests -- credentials status, which shows where they come from",
      }),
    );
  });

  it("are read again after a failure, and the source's own error is told", async () => {
    const context = makeContext();
    let there = false;
    context.set(async () => (there ? fixed("A")() : Promise.reject(new Error("locked"))));
    await expect(context.get()).rejects.toThrow("locked");
    there = true;
    expect(await idOf(context.get())).toBe("A");
  });
});

describe("work under other credentials", () => {
  it("returns to the former ones, also when it fails", async () => {
    const context = makeContext();
    context.set(fixed("outer"));
    const seen = await context.under({ infrastructure: fixed("inner") }, () => idOf(context.get()));
    await expect(
      context.under({ infrastructure: fixed("inner") }, () => Promise.reject(new Error("no"))),
    ).rejects.toThrow("no");
    expect([seen, await idOf(context.get())]).toEqual(["inner", "outer"]);
  });

  it("has several accounts at once, each under its name, and leaves those outside that it does not name", async () => {
    const context = makeContext();
    context.set(fixed("outer"));
    context.set(fixed("outer logs"), "logs");
    const accounts = { infrastructure: fixed("inner"), production: fixed("P"), staging: fixed("S") };
    const seen = await context.under(accounts, async () => {
      const clients = ["production", "staging"].map((name) => context.provider(name));
      const names = ["infrastructure", "production", "staging", "logs"];
      return Promise.all([
        ...names.map((name) => idOf(context.get(name))),
        ...clients.map((client) => idOf(client())),
      ]);
    });
    expect(seen).toEqual(["inner", "P", "S", "outer logs", "P", "S"]);
    expect(await idOf(context.get())).toBe("outer");
    await expect(context.get("production")).rejects.toThrow("There are no credentials of this name.");
  });

  it("sees what is set inside it, and nobody outside does", async () => {
    const context = makeContext();
    context.set(fixed("outer"));
    await context.under({}, async () => {
      context.set(fixed("inner"));
      context.set(fixed("more"), "more");
      expect(await idOf(context.get())).toBe("inner");
    });
    expect(await idOf(context.get())).toBe("outer");
    await expect(context.get("more")).rejects.toThrow("There are no credentials of this name.");
  });

  it("does not fall back to those outside once it has cleared its own", async () => {
    const context = makeContext();
    context.set(fixed("outer"));
    await context.under({ infrastructure: fixed("inner") }, async () => {
      context.clear();
      await expect(context.get()).rejects.toThrow("These credentials were cleared");
    });
    expect(await idOf(context.get())).toBe("outer");
  });

  it("never sees another task's: 1,000 at once, nested, with clients, in any order", async () => {
    const context = makeContext();
    context.set(fixed("outer"));
    const tasks = Array.from({ length: 1000 }, (_, task) => async () => {
      const mine = `task ${task}`;
      const random = () => sleep(((task * 7919) % 13) + (task % 3));
      return context.under({ infrastructure: fixed(mine) }, async () => {
        const provider = context.provider();
        const seen = [await idOf(context.get())];
        await random();
        const inner = await context.under({ infrastructure: fixed(`${mine}, inside`) }, async () => {
          await random();
          return [await idOf(context.get()), await idOf(provider())];
        });
        await turn();
        return [...seen, ...inner, await idOf(context.get()), await idOf(provider())];
      });
    });
    const seen = await Promise.all(tasks.map((task) => task()));
    expect(seen).toEqual(
      tasks.map((_, task) => {
        const mine = `task ${task}`;
        return [mine, `${mine}, inside`, mine, mine, mine];
      }),
    );
    expect(await idOf(context.get())).toBe("outer");
  });
});

describe("time", () => {
  it("is known: credentials end when their source says so", async () => {
    const time = clock();
    const context = makeContext(time);
    context.set(source("role", { ...time, for: 60 * MINUTE }));
    expect(context.expiry()).toBeUndefined();
    await context.get();
    expect(context.expiry()?.toISOString()).toBe("2030-01-01T01:00:00.000Z");
  });

  it("replaces credentials before they end, and asks once however many wait", async () => {
    const time = clock();
    const context = makeContext({ ...time, ttl: Number.POSITIVE_INFINITY });
    const load = source("role", { ...time, for: 60 * MINUTE });
    context.set(load);
    await context.get();
    time.pass(55 * MINUTE - 1);
    expect(await idOf(context.get())).toBe("role-1");
    time.pass(1);
    const seen = await Promise.all(Array.from({ length: 100 }, () => idOf(context.get())));
    expect(new Set(seen)).toEqual(new Set(["role-2"]));
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("asks a source without an end again after the TTL, not before", async () => {
    const time = clock();
    const context = makeContext({ ...time, ttl: 10 * MINUTE });
    context.set(source("key"));
    const seen = [await idOf(context.get())];
    time.pass(10 * MINUTE - 1);
    seen.push(await idOf(context.get()));
    time.pass(1);
    seen.push(await idOf(context.get()));
    expect(seen).toEqual(["key-1", "key-1", "key-2"]);
  });

  it("lets work go on with credentials that still work when a replacement fails, and tries again after a pause", async () => {
    const time = clock();
    const context = makeContext(time);
    const load = source("role", { ...time, for: 10 * MINUTE });
    context.set(load);
    await context.get();
    time.pass(6 * MINUTE);
    load.mockRejectedValueOnce(new Error("away"));
    const seen = [await idOf(context.get()), await idOf(context.get())];
    expect(load).toHaveBeenCalledTimes(2);
    time.pass(30_000);
    seen.push(await idOf(context.get()));
    expect(seen).toEqual(["role-1", "role-1", "role-2"]);
  });

  it("gives none that have ended: the source's error is told instead", async () => {
    const time = clock();
    const context = makeContext(time);
    const load = source("role", { ...time, for: 10 * MINUTE });
    context.set(load);
    await context.get();
    time.pass(10 * MINUTE);
    load.mockRejectedValueOnce(new Error("unlock required: somewhere"));
    await expect(context.get()).rejects.toThrow("unlock required: somewhere");
  });

  it("takes none from a source that have ended before", async () => {
    const time = clock();
    const context = makeContext(time);
    context.set(source("role", { ...time, for: 0 }));
    await expect(context.get()).rejects.toThrow(
      new Fault("The source gives credentials that have ended already.", {
        got: "infrastructure, ended at 2030-01-01T00:00:00.000Z",
        allowed: "credentials that last",
        mend: "date -u, and where it is wrong put the clock right; else npm run --silent megatests -- credentials status",
      }),
    );
  });
});

describe("wiping", () => {
  it("makes a client's credentials fail once the work is over", async () => {
    const context = makeContext();
    const provider = await context.under({ infrastructure: fixed("A") }, async () => context.provider());
    await expect(provider()).rejects.toThrow(
      new Fault("These credentials were cleared: the work they were for has ended.", {
        got: "infrastructure",
        allowed: "credentials that are set while they are used",
        mend: "run the command again",
      }),
    );
  });

  it("also those that are still being read", async () => {
    const context = makeContext();
    const load = source("late");
    context.set(load);
    const reading = context.get();
    context.clear();
    await expect(reading).rejects.toThrow("These credentials were cleared");
  });

  it("leaves nothing of them in memory, also where a client lives on", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const context = makeContext();
    const held: WeakRef<object>[] = [];
    // A source keeps what it has read, as the vault of 1Password does.
    const makeSource = () => {
      const read = { accessKeyId: "A", secretAccessKey: "s", token: "t" };
      held.push(new WeakRef(read));
      return async () => {
        const identity = { accessKeyId: read.accessKeyId, secretAccessKey: read.secretAccessKey };
        held.push(new WeakRef(identity));
        return identity;
      };
    };
    context.set(makeSource());
    await context.get();
    const alive = async () => {
      await sleep(10);
      collect();
      return held.filter((each) => each.deref()).length;
    };
    const before = await alive();
    const client = context.provider();
    context.clear();
    expect([before, await alive()]).toEqual([2, 0]);
    await expect(client()).rejects.toThrow("These credentials were cleared");
  });
});

it("gives clients of AWS a time at which they ask again, so that what was cleared stops working there too", async () => {
  const time = clock();
  const context = makeContext({ ...time, ttl: 10 * MINUTE });
  context.set(source("key"));
  expect((await context.provider()()).expiration?.toISOString()).toBe("2030-01-01T00:10:00.000Z");
  context.set(source("role", { ...time, for: 7 * MINUTE }));
  expect((await context.provider()()).expiration?.toISOString()).toBe("2030-01-01T00:07:00.000Z");
});

it("is what a client of AWS signs with, and replaces under its hands", async () => {
  const signed: string[] = [];
  const context = makeContext({ ttl: 1, pause: 0 });
  context.set(source("KEY"));
  const client = new STSClient({
    region: "eu-west-1",
    credentials: context.provider(),
    requestHandler: {
      handle: async ({ headers }: { headers: Record<string, string> }) => {
        signed.push(/Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1] ?? "none");
        throw new Error("no network here");
      },
    } as never,
    maxAttempts: 1,
  });
  for (let call = 0; call < 2; call++) {
    await client.send(new GetCallerIdentityCommand()).catch(() => undefined);
    await sleep(5);
  }
  expect(signed).toHaveLength(2);
  expect(new Set(signed).size).toBe(2);
});
