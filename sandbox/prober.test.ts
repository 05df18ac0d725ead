import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startProber, type HeldKey, type HeldRole, type Prober } from "./prober.ts";

/** An STS that answers as it is told, by access key id. */
let answers: Record<string, (send: (status: number, code?: string) => void, drop: () => void) => void>;
let server: Server;
let prober: Prober;
let held: HeldKey[];

const key = (accessKeyId: string): HeldKey => ({ accessKeyId, secretAccessKey: "canary-secret" });
const fine = (send: (status: number) => void) => send(200);

beforeEach(async () => {
  answers = {};
  server = createServer((request, response) => {
    const id = /Credential=(\w+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const send = (status: number, code = "") => {
      const error = `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
      const result = "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>";
      response.writeHead(status, { "content-type": "text/xml" }).end(status === 200 ? result : error);
    };
    (answers[id] ?? fine)(send, () => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await prober.stop();
  server.closeAllConnections();
  server.close();
});

function probe(heldRoles?: () => HeldRole[]): void {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  prober = startProber({ heldKeys: () => held, heldRoles, endpoint, region: "eu-west-1", milliseconds: 5 });
}

test("every held key is called, again and again, and a good one is never refused", async () => {
  held = [key("AKIAONE"), key("AKIATWO")];
  probe();
  await vi.waitFor(() => expect(prober.probed.calls).toBeGreaterThan(5));
  expect(prober.probed.refused).toEqual([]);
  expect(prober.probed.unanswered).toBe(0);
});

test("a dead key is a refusal, with AWS's code and no secret", async () => {
  held = [key("AKIADEAD")];
  answers.AKIADEAD = (send) => send(403, "InvalidClientTokenId");
  probe();
  await vi.waitFor(() => expect(prober.probed.refused.length).toBeGreaterThan(0));
  expect(prober.probed.refused[0]).toEqual({
    at: expect.stringMatching(/^\d{4}-/) as string,
    held: "AKIADEAD",
    error: "InvalidClientTokenId",
  });
  expect(JSON.stringify(prober.probed)).not.toContain("canary-secret");
});

test("a role is assumed anew each time, and refused where it may not be, or its session is not known", async () => {
  held = [];
  const roleArn = "arn:aws:iam::123456789012:role/Seqera";
  const failing = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
  let assume = async () => key("ASIAONE");
  let inUse = true;
  probe(() => (inUse ? [{ roleArn, credentialsId: "c1", assume: () => assume() }] : []));
  await vi.waitFor(() => expect(prober.probed.calls).toBeGreaterThan(3));
  expect(prober.probed.refused).toEqual([]);
  assume = () => Promise.reject(Object.assign(new Error("no"), failing));
  await vi.waitFor(() => expect(prober.probed.refused).not.toEqual([]));
  expect(prober.probed.refused[0]).toMatchObject({ held: roleArn, error: "AccessDenied" });
  prober.reset();
  answers.ASIAGONE = (send) => send(403, "InvalidClientTokenId");
  assume = async () => key("ASIAGONE");
  await vi.waitFor(() => expect(prober.probed.refused.at(-1)?.error).toBe("InvalidClientTokenId"));
  assume = () => {
    inUse = false;
    return Promise.reject(Object.assign(new Error("no"), failing));
  };
  await vi.waitFor(() => expect(inUse).toBe(false));
  prober.reset();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(prober.probed).toEqual({ calls: 0, refused: [], unanswered: 0 });
});

test("a key that was replaced while the call was under way is not a refusal", async () => {
  held = [key("AKIAOLD")];
  answers.AKIAOLD = (send) => {
    held = [key("AKIANEW")];
    send(403, "InvalidClientTokenId");
  };
  probe();
  await vi.waitFor(() => expect(prober.probed.calls).toBeGreaterThan(2));
  expect(prober.probed.refused).toEqual([]);
});

test.each(["500", "429", "dropped"])("%s is no judgement on the key", async (how) => {
  held = [key("AKIAKEY")];
  answers.AKIAKEY = (send, drop) => (how === "dropped" ? drop() : send(Number(how), "Throttling"));
  probe();
  await vi.waitFor(() => expect(prober.probed.unanswered).toBeGreaterThan(0));
  expect(prober.probed.refused).toEqual([]);
});

test("while it rests nothing is called, and afterwards it goes on", async () => {
  held = [key("AKIAONE")];
  probe();
  await vi.waitFor(() => expect(prober.probed.calls).toBeGreaterThan(1));
  await prober.rest(async () => {
    const { calls } = prober.probed;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(prober.probed.calls).toBe(calls);
    prober.reset();
  });
  await vi.waitFor(() => expect(prober.probed.calls).toBeGreaterThan(1));
});

test("counts can be set to zero", async () => {
  held = [key("AKIADEAD")];
  answers.AKIADEAD = (send) => send(403, "InvalidClientTokenId");
  probe();
  await vi.waitFor(() => expect(prober.probed.refused.length).toBeGreaterThan(0));
  held = [];
  await vi.waitFor(async () => {
    const { calls } = prober.probed;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(prober.probed.calls).toBe(calls);
  });
  prober.reset();
  expect(prober.probed).toEqual({ calls: 0, refused: [], unanswered: 0 });
});
