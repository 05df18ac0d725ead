import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { makeContext } from "../../secrets/context.ts";
import {
  type AwsCredentialIdentityProvider,
  NoCredentials,
  type Source,
  UnlockRequired,
} from "../../secrets/sources/index.ts";
import { advice, examine, otherProblems, type SourceReport, sourcesTable, verdict } from "./report.ts";

const good: SourceReport = {
  ...{ source: "AWS SSO profile deploy", protection: "reference", state: "good", temporary: true },
  ...{ account: "123456789012", identity: "arn:aws:sts::123456789012:assumed-role/Deployer/ann" },
  ...{ expires: "2030-01-01T09:30:15.000Z", sessionEnds: "2030-01-01T16:00:00.000Z" },
  lastCheck: "2030-01-01T08:30:00.000Z",
};
const absent: SourceReport = { source: "web identity", protection: "reference", state: "absent" };
const before = { at: "2030-01-01T00:00:00.000Z", account: "123456789012", arn: "arn:aws:iam::1:user/u" };
const source = (load: Source["load"], sessionEnd?: Source["sessionEnd"]): Source => ({
  ...{ title: "somewhere", grade: "reference", load, sessionEnd },
});
const key = async () => ({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "hush-hush-hush" });
const ended = async () => new Date("2026-01-01T00:00:00.000Z");

describe("a source", () => {
  let closed: string;
  beforeAll(async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    closed = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((done) => server.close(done));
  });
  const look = (what: Source, context = makeContext(), stsEndpoint = closed) =>
    examine(what, {
      ...{ context, account: "", before },
      surroundings: {
        region: "eu-west-1",
        env: {},
        folder: "",
        callSeconds: 5,
        stsEndpoint,
        onePassword: key,
        onePasswordItem: { vault: "", title: "", accessKeyId: "", secretAccessKey: "", sessionToken: "" },
      },
    });
  const last = { account: before.account, identity: before.arn, lastCheck: before.at };

  it("that is locked tells why, when its session has ended, and what the last check saw", async () => {
    const refusal = new UnlockRequired("deploy", "no session");
    const locked = source(() => Promise.reject(refusal), ended);
    expect(await look(locked)).toEqual({
      report: {
        ...{ source: "somewhere", protection: "reference", state: "locked", problem: refusal.message },
        ...{ sessionEnds: "2026-01-01T00:00:00.000Z", ...last },
      },
      error: refusal,
    });
  });

  it("that is not there is no error, nor is one whose session cannot be read", async () => {
    const absent = source(
      async () => undefined,
      () => Promise.reject(new Error("an incomplete profile")),
    );
    const { report, error } = await look(absent);
    expect([report, error]).toEqual([
      { source: "somewhere", protection: "reference", state: "absent", ...last },
      undefined,
    ]);
  });

  it("of which AWS says nothing fails in words, and what it gave is wiped", async () => {
    const context = makeContext();
    const text = `AWS does not say who the credentials are: somewhere.
  got:     Error: connect ECONNREFUSED ${closed.slice("http://".length)}
  allowed: credentials that AWS knows, and a network that reaches AWS STS
  mend:    put working credentials where the source takes them from; npm run --silent megatests -- doctor tells whether AWS is reached and the clock is right`;
    let later: AwsCredentialIdentityProvider | undefined;
    const kept = source(async () => {
      later = context.provider();
      return key();
    });
    const { report, error } = await look(kept, context);
    expect([report.state, report.problem, error?.message]).toEqual(["failed", text, text]);
    await expect(later?.()).rejects.toThrow("These credentials were cleared");
  });

  it("is asked anew where what it gave is due when AWS is asked", async () => {
    let asked = 0;
    const short = source(async () => {
      asked++;
      return key();
    });
    await look(short, makeContext({ ttl: 0, pause: 0 }));
    expect(asked).toBeGreaterThan(1);
  });
});

describe("the verdict", () => {
  const locked = {
    report: { ...absent, state: "locked" as const },
    error: new UnlockRequired("deploy", "no session"),
  };

  it("is that of the first source that is there", () => {
    expect(verdict([{ report: absent }, { report: good }, locked], "dev")).toBeUndefined();
    expect(verdict([{ report: absent }, locked, { report: good }], "dev")).toBe(locked.error);
  });

  it("leaves the reasons of the others to be said, too", () => {
    const failed = { report: { ...absent, state: "failed" as const }, error: new Error("no token in FILE") };
    expect(otherProblems([{ report: good }, locked, failed])).toBe(
      `${locked.error.message}\nno token in FILE`,
    );
    expect(otherProblems([locked, failed])).toBe("no token in FILE");
    expect(otherProblems([{ report: absent }, { report: good }])).toBeUndefined();
  });

  it("is a choice where none is there", () => {
    expect(verdict([{ report: absent }], "dev")).toEqual(new NoCredentials(["web identity"], "dev"));
  });
});

it("shows times to the minute, and nothing where nothing is known", () => {
  const rows = sourcesTable([good, absent])
    .split("\n")
    .map((line) => line.split("│").map((cell) => cell.trim()));
  expect(rows.filter((cells) => cells.length > 1).map((cells) => cells.slice(1, -1))).toEqual([
    ["source", "state", "identity", "protection", "ends", "last check"],
    [
      ...["AWS SSO profile deploy", "good", "arn:aws:sts::123456789012:assumed-role/Dep", "reference"],
      ...["2030-01-01 09:30Z", "2030-01-01 08:30Z"],
    ],
    ["", "", "loyer/ann", "", "session", ""],
    ["", "", "", "", "2030-01-01 16:00Z", ""],
    ["web identity", "absent", "", "reference", "", "never"],
  ]);
});

it("shows when the session of a locked source has ended", () => {
  const locked: SourceReport = { ...absent, state: "locked", sessionEnds: "2026-01-01T00:00:00.000Z" };
  expect(sourcesTable([locked])).toMatch(/web identity +│ locked +│ .* │ session +│ never/);
  expect(sourcesTable([locked])).toContain("2026-01-01 00:00Z");
});

describe("advice", () => {
  it("is given for a key that does not end, where it is used", () => {
    const key: SourceReport = { ...good, source: "1Password", temporary: false };
    expect(advice([absent, key])).toContain("1Password holds a key that does not end by itself.");
    expect(advice([good, key])).toBeUndefined();
  });
});
