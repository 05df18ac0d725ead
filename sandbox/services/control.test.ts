import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeControl, type Controlled } from "./control.ts";
import { FaultInjector } from "./faults.ts";

const controlled = {
  faults: new FaultInjector(),
  inspect: vi.fn(async () => ({
    aws: { users: [], roles: [], policies: [], bucket: true },
    platform: { credentials: [], computeEnvs: [] },
    github: { variables: {}, secrets: [] },
  })),
  probed: () => ({ calls: 3, refused: [], unanswered: 1 }),
  resetProber: vi.fn(),
  secrets: vi.fn(),
  apply: vi.fn(),
  needPlugins: vi.fn(async () => ({ aws: 1234 })),
  hold: vi.fn(),
  save: vi.fn(async () => undefined),
  shutdown: vi.fn(),
} satisfies Controlled;

let app: FastifyInstance;
beforeEach(() => {
  vi.clearAllMocks();
  controlled.faults = new FaultInjector();
  app = makeControl("the-token", controlled);
});
afterEach(() => app.close());

const call = (method: "GET" | "POST" | "DELETE", url: string, payload?: object) =>
  app.inject({ method, url, payload, headers: { authorization: "Bearer the-token" } });

test.each([undefined, "Bearer wrong", "Bearer the-tokem", "Bearer "])(
  "%s does not get in",
  async (authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    for (const [method, url] of [
      ["GET", "/secrets"],
      ["GET", "/status"],
      ["POST", "/shutdown"],
    ] as const) {
      const { statusCode, body } = await app.inject({ method, url, headers });
      expect(statusCode).toBe(401);
      expect(body).not.toContain("the-token");
    }
    expect(controlled.shutdown).not.toHaveBeenCalled();
  },
);

test("status has what the services say, the prober and the faults that wait", async () => {
  controlled.faults.add({ service: "aws", kind: "status", status: 500 });
  const status = (await call("GET", "/status")).json<Record<string, unknown>>();
  expect(status).toMatchObject({
    aws: { bucket: true },
    prober: { calls: 3, refused: [], unanswered: 1 },
    faults: [{ service: "aws", kind: "status", status: 500, times: 1 }],
  });
});

test("faults are added one or several at a time, refused with a reason, and cleared", async () => {
  await call("POST", "/faults", { service: "aws", kind: "hang" });
  await call("POST", "/faults", [{ service: "github", kind: "hang" }]);
  expect((await call("GET", "/faults")).json()).toHaveLength(2);
  const refused = await call("POST", "/faults", { service: "aws", kind: "nonsense" });
  expect(refused.statusCode).toBe(400);
  expect(refused.json<{ message: string }>().message).toContain("kind");
  await call("DELETE", "/faults");
  expect(controlled.faults.rules).toEqual([]);
});

test("calls can be asked for by service and from a number on", async () => {
  controlled.faults.record({ service: "aws", method: "POST", path: "iam:GetUser", status: 200 });
  controlled.faults.record({ service: "github", method: "GET", path: "/x", status: 200 });
  controlled.faults.record({ service: "aws", method: "POST", path: "iam:ListUsers", status: 200 });
  const paths = async (query: string) =>
    (await call("GET", `/calls${query}`)).json<{ path: string }[]>().map(({ path }) => path);
  expect(await paths("")).toEqual(["iam:GetUser", "/x", "iam:ListUsers"]);
  expect(await paths("?service=aws&after=1")).toEqual(["iam:ListUsers"]);
});

test("settings are checked before they apply", async () => {
  await call("POST", "/settings", { newKeySeconds: 5, erroredEnvs: { cpu: "no capacity" } });
  expect(controlled.apply).toHaveBeenCalledWith({ newKeySeconds: 5, erroredEnvs: { cpu: "no capacity" } });
  expect((await call("POST", "/settings", { newKeySecond: 5 })).statusCode).toBe(400);
  expect((await call("POST", "/settings", { newKeySeconds: -1 })).statusCode).toBe(400);
  expect(controlled.apply).toHaveBeenCalledTimes(1);
});

test("the engine at work is told, and that there is none", async () => {
  await call("POST", "/engine", { pid: 4711 });
  expect(controlled.faults.engine).toBe(4711);
  expect((await call("POST", "/engine", { pid: 1 })).statusCode).toBe(400);
  await call("POST", "/engine", { pid: null });
  expect(controlled.faults.engine).toBeUndefined();
});

test("plugins, holder, prober and snapshot", async () => {
  expect((await call("POST", "/plugins", ["aws"])).json()).toEqual({ aws: 1234 });
  expect((await call("POST", "/plugins", ["gcp"])).statusCode).toBe(400);
  await call("POST", "/hold", { pid: 4711 });
  await call("POST", "/hold", { pid: null });
  expect(controlled.hold.mock.calls).toEqual([[4711], [null]]);
  await call("DELETE", "/prober");
  expect(controlled.resetProber).toHaveBeenCalledOnce();
  await call("POST", "/save");
  expect(controlled.save).toHaveBeenCalledOnce();
});
