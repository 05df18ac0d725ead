import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getSSOTokenFilepath } from "@smithy/core/config";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FaultInjector } from "../../../sandbox/services/faults.ts";
import { makeSeed } from "../../../sandbox/services/seed.ts";
import { startSso, type SsoService } from "../../../sandbox/services/sso/index.ts";
import { hiddenForms } from "../../redaction/known.ts";
import { openOidc, type Device } from "./oidc.ts";
import type { SsoSession, SsoToken } from "./session.ts";
import { signIn, type SignInOptions } from "./sign-in.ts";
import { readToken, writeToken } from "./token-cache.ts";

let home: string;
let sso: SsoService;
let faults: FaultInjector;
let session: SsoSession;
/** Pauses that were kept, in seconds. */
let pauses: number[];
/** Milliseconds by which the clock is ahead. */
let ahead: number;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sign-in-"));
  const assumeRole = () => Promise.reject(new Error("Nobody has asked for credentials"));
  const times = { intervalSeconds: 0 };
  faults = new FaultInjector();
  sso = await startSso({ faults, seed: makeSeed(), assumeRole, times });
  session = { session: "lab", startUrl: sso.startUrl, region: "eu-west-1" };
  vi.stubEnv("HOME", home);
  vi.stubEnv("AWS_ENDPOINT_URL_SSO_OIDC", sso.url);
  [pauses, ahead] = [[], 0];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sso.close();
  await rm(home, { recursive: true });
});

const clock = {
  now: () => Date.now() + ahead,
  sleep: async (milliseconds: number) => void pauses.push(milliseconds / 1000),
};
const allow = ({ userCode }: Device) => sso.answer(userCode, "allowed");
const open = (options: Partial<SignInOptions> = {}) =>
  signIn(session, { oidc: openOidc(session), show: allow, clock, ...options });
/** Paths of the sign-in service that were called since. */
const calls = () => sso.signInCalls().map(({ path }) => path);
const change = async (changes: Partial<SsoToken>) =>
  writeToken("lab", { ...((await readToken("lab")) as SsoToken), ...changes });
const PAST = new Date(0);
const NEW = ["/client/register", "/device_authorization", "/token"];

test("signs in once, leaves the token for its owner alone, and finds it the next time", async () => {
  const { way, token } = await open();
  expect([way, calls()]).toEqual(["signed in", NEW]);
  const file = getSSOTokenFilepath("lab");
  const sha1 = createHash("sha1").update("lab").digest("hex");
  expect(file).toBe(join(home, ".aws/sso/cache", `${sha1}.json`));
  expect([(await stat(file)).mode & 0o777, (await stat(join(home, ".aws/sso/cache"))).mode & 0o777]).toEqual([
    0o600, 0o700,
  ]);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ accessToken: token.accessToken });
  expect(await open()).toMatchObject({ way: "still open", token: { accessToken: token.accessToken } });
  expect(calls()).toEqual(NEW);
});

test("renews what ends within five minutes, and keeps the next refresh token", async () => {
  const first = await open();
  ahead = (8 * 3600 - 4 * 60) * 1000;
  const second = await open();
  expect([second.way, calls()]).toEqual(["renewed", [...NEW, "/token"]]);
  expect(second.token.refreshToken).not.toBe(first.token.refreshToken);
  expect(await readToken("lab")).toMatchObject({ refreshToken: second.token.refreshToken });
});

test("asks a person again where nothing can be renewed, as the client that is registered", async () => {
  await open();
  await change({ expiresAt: PAST, refreshToken: "gone" });
  expect((await open()).way).toBe("signed in");
  expect(calls().slice(3)).toEqual(["/token", "/device_authorization", "/token"]);
  await change({ expiresAt: PAST, refreshToken: undefined });
  expect((await open()).way).toBe("signed in");
  expect(calls().slice(6)).toEqual(["/device_authorization", "/token"]);
  await change({ expiresAt: PAST, registrationExpiresAt: PAST });
  await open();
  expect(calls().slice(8)).toEqual(NEW);
});

test("registers anew where the service has forgotten the client", async () => {
  await open();
  await sso.restore(undefined);
  await change({ expiresAt: PAST });
  expect((await open()).way).toBe("signed in");
  expect(calls().slice(3)).toEqual(["/token", "/device_authorization", ...NEW]);
});

test("asks a person although the token seems good, when told that it is not", async () => {
  await open();
  expect((await open({ anew: true })).way).toBe("signed in");
  expect(calls().slice(3)).toEqual(["/device_authorization", "/token"]);
});

test("a token of another portal under the same name is not used", async () => {
  await open();
  await change({ startUrl: "https://other.awsapps.com/start" });
  expect((await open()).way).toBe("signed in");
});

test("keeps the pause it is told, and grows it by five seconds each time it is to slow down", async () => {
  sso.times.intervalSeconds = 60;
  let shown: Device | undefined;
  const sleep = async (milliseconds: number) => {
    pauses.push(milliseconds / 1000);
    // The service counts real seconds: to it, the questions come too soon.
    if (pauses.length < 4 || !shown) return;
    sso.times.intervalSeconds = 0;
    allow(shown);
  };
  await open({ clock: { ...clock, sleep }, show: (device) => void (shown = device) });
  expect(pauses).toEqual([60, 60, 65, 70]);
});

test("says so when it is denied, too late, or expired by the service's own clock", async () => {
  const words = (error: Error) => error.message.replace(/[A-Z]{4}-[A-Z]{4}/, "CODE");
  const deny = ({ userCode }: Device) => sso.answer(userCode, "denied");
  expect(await open({ show: deny }).catch(words)).toBe(`The sign-in was denied.
  got:     the code CODE, denied in the browser
  allowed: the code, allowed in the browser
  mend:    run the same command again, and allow it in the browser`);
  const late = `The sign-in was not allowed in time.
  got:     no answer to the code CODE within 10 min
  allowed: the code, allowed in the browser before it expires
  mend:    run the same command again, and allow it in the browser`;
  const wait = async () => void (ahead += 601_000);
  expect(await open({ show: () => undefined, clock: { ...clock, sleep: wait } }).catch(words)).toBe(late);
  sso.times.deviceSeconds = -1;
  const forever = { now: () => 0, sleep: clock.sleep };
  const show = (device: Device) => void (device.seconds = 600);
  expect(await open({ show, clock: forever }).catch(words)).toBe(late);
  expect(await readToken("lab")).toBeUndefined();
});

/** Each call of the service's client is three, where they come to nothing. */
const TRIES = 3;
const polling = { service: "sso", path: "^/token$" } as const;

test("goes on through dropped connections, broken answers and refusals for a while, ever more slowly", async () => {
  sso.times.intervalSeconds = 0;
  faults.add({ ...polling, kind: "drop-before", times: TRIES });
  faults.add({ ...polling, kind: "status", status: 503, times: 2 * TRIES });
  faults.add({ ...polling, kind: "status", status: 429, times: TRIES });
  expect((await open()).way).toBe("signed in");
  expect(pauses).toEqual([0, 1, 2, 4, 8]);
}, 20_000);

test("goes on behind an answer that is no JSON, and keeps the usual pause again once it is answered", async () => {
  let [broken, asked] = [0, 0];
  const between = createServer((request, answer) => {
    if (request.url === "/token" && ++asked <= TRIES) {
      broken++;
      return void answer.writeHead(503, { "content-type": "text/plain" }).end("Service Unavailable");
    }
    const { method, url = "", headers } = request;
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        const type = { "content-type": String(headers["content-type"]) };
        void fetch(sso.url + url, { method, headers: type, body: Buffer.concat(chunks) }).then(
          async (given) => {
            answer.writeHead(given.status, Object.fromEntries(given.headers)).end(await given.text());
          },
        );
      });
  }).listen(0, "127.0.0.1");
  await once(between, "listening");
  vi.stubEnv("AWS_ENDPOINT_URL_SSO_OIDC", `http://127.0.0.1:${(between.address() as AddressInfo).port}`);
  let shown: Device | undefined;
  const sleep = async (milliseconds: number) => {
    if (pauses.push(milliseconds / 1000) === 4 && shown) allow(shown);
  };
  try {
    await open({ clock: { ...clock, sleep }, show: (device) => void (shown = device) });
  } finally {
    between.close();
  }
  expect([broken, pauses]).toEqual([TRIES, [0, 1, 0, 0]]);
});

test("says that the service is away where it is until the code ends", async () => {
  faults.add({ ...polling, kind: "status", status: 503, times: 100 });
  const wait = async (milliseconds: number) => {
    pauses.push(milliseconds / 1000);
    ahead += 200_000;
  };
  await expect(open({ clock: { ...clock, sleep: wait } })).rejects.toThrow(
    new Error(`AWS SSO's sign-in service gives no answer that can be used.
  got:     HTTP 503 (region eu-west-1)
  allowed: a region with IAM Identity Center, and a network that reaches it
  mend:    wait a while, then run the same command again`),
  );
  expect(pauses).toHaveLength(3);
}, 20_000);

test("a refusal that is none of waiting ends it at once, in words", async () => {
  const show = (device: Device) => void (device.deviceCode = "of-nobody-of-nobody");
  await expect(open({ show })).rejects.toThrow(
    new Error(`AWS SSO's sign-in service refuses.
  got:     invalid_grant: Invalid grant provided
  allowed: a client, a code or a token that the service has given out, before it ends and, of a code, once
  mend:    run the same command again`),
  );
  expect(pauses).toEqual([0]);
});

test("what it is given is not printed from then on", async () => {
  await open();
  const hidden = hiddenForms().map(({ text }) => text);
  for (const [what, secret] of Object.entries(sso.secrets())) expect(hidden, what).toContain(secret);
});

test("a start URL that is not known is named with its region", async () => {
  session = { ...session, startUrl: "https://nobody.awsapps.com/start" };
  await expect(open()).rejects.toThrow(
    new Error(`AWS SSO does not know this start URL in this region.
  got:     https://nobody.awsapps.com/start in eu-west-1
  allowed: the start URL that the access portal shows, and the region that IAM Identity Center is enabled in
  mend:    give them again: --start-url URL --sso-region REGION`),
  );
});

test("a service that cannot be reached is named, and nothing is left", async () => {
  await sso.close();
  const port = new URL(sso.url).port;
  await expect(open()).rejects.toThrow(
    new Error(`AWS SSO's sign-in service cannot be reached.
  got:     connect ECONNREFUSED 127.0.0.1:${port} (region eu-west-1)
  allowed: a region with IAM Identity Center, and a network that reaches it
  mend:    put right the region or the network, then run the same command again`),
  );
  await expect(stat(getSSOTokenFilepath("lab"))).rejects.toThrow("ENOENT");
});

test("the waiting can be ended", async () => {
  const abort = new AbortController();
  const waiting = signIn(session, {
    ...{ oidc: openOidc(session, abort.signal), signal: abort.signal },
    show: () => setTimeout(() => abort.abort(), 20),
  });
  sso.times.intervalSeconds = 1;
  await expect(waiting).rejects.toThrow("aborted");
  expect(await readToken("lab")).toBeUndefined();
});
