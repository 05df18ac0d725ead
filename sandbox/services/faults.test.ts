import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { MARKS } from "./callers.ts";
import { type FaultRule, FaultInjector } from "./faults.ts";
import { listen, makeApp } from "./local-app.ts";

type Rule = Omit<FaultRule, "service">;

/** A service that counts what it handles, with rules on it. */
async function start(...rules: Rule[]) {
  const faults = new FaultInjector();
  for (const rule of rules) faults.add({ service: "github", ...rule });
  const app = await makeApp("github", faults, (reply, _status, message) => reply.send({ message }));
  const handled: string[] = [];
  app.all("/*", (request) => {
    handled.push(request.url);
    return { ok: true };
  });
  const url = await listen(app);
  onTestFinished(() => app.close());
  return { faults, handled, url };
}

const statuses = async (url: string, count: number) => {
  const found: number[] = [];
  for (let n = 0; n < count; n++) found.push((await fetch(url)).status);
  return found;
};

describe("a status fault", () => {
  it("lets `skip` calls pass, hits `times`, and says when to come back", async () => {
    const { url, handled, faults } = await start({
      kind: "status",
      status: 429,
      retryAfterSeconds: 7,
      skip: 1,
      times: 2,
    });
    expect(await statuses(url, 1)).toEqual([200]);
    const hit = await fetch(url);
    expect(hit.headers.get("retry-after")).toBe("7");
    expect(await hit.json()).toEqual({ message: "Fault injected by the sandbox: HTTP 429" });
    expect(await statuses(url, 3)).toEqual([429, 200, 200]);
    expect(handled).toHaveLength(3);
    expect(faults.rules).toEqual([]);
  });

  it("takes only calls of its method, path and service", async () => {
    const { url, faults } = await start({ kind: "status", status: 500, method: "post", path: "^/a/\\d+$" });
    faults.add({ service: "aws", kind: "status", status: 503 });
    expect(await statuses(`${url}/a/1`, 1)).toEqual([200]);
    expect((await fetch(`${url}/a/b`, { method: "POST" })).status).toBe(200);
    expect((await fetch(`${url}/a/1?q=1`, { method: "POST" })).status).toBe(500);
    expect(faults.rules).toHaveLength(1);
    faults.clear();
    expect(faults.rules).toEqual([]);
  });
});

describe("a slow or lost answer", () => {
  it("is late by `milliseconds`", async () => {
    const { url, handled } = await start({ kind: "delay", milliseconds: 120 });
    const begun = performance.now();
    expect(await statuses(url, 1)).toEqual([200]);
    expect(performance.now() - begun).toBeGreaterThan(115);
    expect(handled).toHaveLength(1);
  });

  it.each([
    ["drop-before", 0],
    ["drop-after", 1],
  ] as const)("with %s was handled %i times", async (kind, times) => {
    const { url, handled, faults } = await start({ kind });
    await expect(fetch(url)).rejects.toThrow("fetch failed");
    expect(handled).toHaveLength(times);
    expect(faults.calls).toMatchObject([{ status: 0 }]);
    expect(await statuses(url, 1)).toEqual([200]);
  });

  it("with hang never comes", async () => {
    const { url, handled, faults } = await start({ kind: "hang" });
    await expect(fetch(url, { signal: AbortSignal.timeout(150) })).rejects.toThrow("timeout");
    expect(handled).toEqual([]);
    expect(faults.calls).toMatchObject([{ status: 0 }]);
  });

  it("with hang ends after `milliseconds`, unanswered", async () => {
    const { url, handled } = await start({ kind: "hang", milliseconds: 120 });
    const begun = performance.now();
    await expect(fetch(url)).rejects.toThrow("fetch failed");
    expect(performance.now() - begun).toBeGreaterThan(115);
    expect(handled).toEqual([]);
  });
});

describe("a rule on any service", () => {
  it("counts and hits every call but those the sandbox makes itself", async () => {
    const { url, faults } = await start();
    faults.add({ service: "any", kind: "status", status: 500, skip: 1 });
    const by = async (agent: string) =>
      (await fetch(url, { headers: { "user-agent": `aws-sdk-js/3 ${agent}` } })).status;
    expect([await by("mine"), await by(MARKS.prober), await by(MARKS.platform), await by("mine")]).toEqual([
      200, 200, 200, 500,
    ]);
    expect(faults.calls.map((call) => call.by)).toEqual([undefined, "prober", "platform", undefined]);
    expect(faults.rules).toEqual([]);
  });
});

describe("a signal", () => {
  it.each([
    ["signal-before", 0],
    ["signal-after", 1],
  ] as const)("with %s kills the whole group; the call was handled %i times", async (kind, times) => {
    const child = spawn("sh", ["-c", "sleep 60 & echo $!; wait"], { detached: true });
    const [grandchild] = (await once(child.stdout, "data")) as [Buffer];
    const { url, handled } = await start({ kind, pid: child.pid });
    const ended = once(child, "exit");
    await expect(fetch(url)).rejects.toThrow("fetch failed");
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(handled).toHaveLength(times);
    // The killed orphan is a zombie until its new parent collects it.
    const state = async () => {
      const text = await readFile(`/proc/${Number(grandchild)}/stat`, "utf8").catch(() => "gone (x) X");
      return text.replace(/^.*\) /, "")[0];
    };
    await expect.poll(state).toMatch(/[XZ]/);
  });

  it("without a process group goes to the engine that was named meanwhile", async () => {
    const { url, faults } = await start({ kind: "signal-before" });
    const child = spawn("sleep", ["60"], { detached: true });
    faults.engine = child.pid;
    const ended = once(child, "exit");
    await expect(fetch(url)).rejects.toThrow("fetch failed");
    expect(await ended).toEqual([null, "SIGKILL"]);
  });

  it.each(["signal-before", "signal-after"] as const)(
    "%s to the engine, where none is at work, is an error that is seen",
    async (kind) => {
      const { url } = await start({ kind });
      const answer = await fetch(url);
      expect(answer.status).toBe(500);
      expect(await answer.json()).toMatchObject({
        message: "A fault was to kill the engine, and no engine is at work",
      });
    },
  );

  it("to a group that is gone already is no failure of the service", async () => {
    const child = spawn("true", { detached: true });
    await once(child, "exit");
    const { url } = await start({ kind: "signal-before", pid: child.pid });
    await expect(fetch(url)).rejects.toThrow("fetch failed");
    expect(await statuses(url, 1)).toEqual([200]);
  });
});

describe("the record", () => {
  it("has every call in order, without what may be secret", async () => {
    const { url, faults } = await start();
    await fetch(`${url}/one?X-Amz-Signature=hush&page=2&access_token=hush`, { method: "PUT" });
    await fetch(`${url}/two`);
    expect(faults.calls).toMatchObject([
      {
        n: 1,
        service: "github",
        method: "PUT",
        path: "/one?X-Amz-Signature=***&page=2&access_token=***",
        status: 200,
      },
      { n: 2, service: "github", method: "GET", path: "/two", status: 200 },
    ]);
    expect(Date.parse(faults.calls[0]?.at ?? "")).toBeGreaterThan(Date.now() - 5000);
  });

  it("forgets the oldest when it grows long, and counts on", () => {
    const faults = new FaultInjector();
    const call = { service: "aws", method: "GET", path: "/", status: 200 } as const;
    for (let n = 0; n < 20_005; n++) faults.record(call);
    expect(faults.calls).toHaveLength(20_000);
    expect(faults.calls[0]?.n).toBe(6);
  });
});

describe("a rule that is not complete", () => {
  it.each<[string, Rule, string]>([
    ["a status fault without status", { kind: "status" }, "kind status needs a status"],
    ["a delay without time", { kind: "delay" }, "kind delay needs milliseconds"],
    ["a signal to every process", { kind: "signal-after", pid: 1 }, "expected number to be >=2"],
    ["a path that is no expression", { kind: "hang", path: "(" }, "not a regular expression"],
  ])("is refused: %s", (_what, rule, message) => {
    const faults = new FaultInjector();
    expect(() => faults.add({ service: "aws", ...rule })).toThrow(message);
    expect(faults.rules).toEqual([]);
  });
});
