import { describe, expect, it } from "vitest";
import {
  NoCredentials,
  type Source,
  type Surroundings,
  UnlockRequired,
} from "../../secrets/sources/index.ts";
import { advice, examine, type SourceReport, sourcesTable, verdict } from "./report.ts";

const good: SourceReport = {
  ...{ source: "AWS SSO profile deploy", protection: "reference", state: "good", temporary: true },
  ...{ account: "123456789012", identity: "arn:aws:sts::123456789012:assumed-role/Deployer/ann" },
  ...{ expires: "2030-01-01T09:30:15.000Z", sessionEnds: "2030-01-01T16:00:00.000Z" },
  lastCheck: "2030-01-01T08:30:00.000Z",
};
const absent: SourceReport = { source: "web identity", protection: "reference", state: "absent" };
const surroundings = { region: "eu-west-1", env: {} } as Surroundings;
const before = { at: "2030-01-01T00:00:00.000Z", account: "123456789012", arn: "arn:aws:iam::1:user/u" };
const source = (load: Source["load"]): Source => ({ title: "somewhere", grade: "reference", load });

describe("a source", () => {
  it("that is locked tells why, and what the last check saw", async () => {
    const refusal = new UnlockRequired("deploy", "no session");
    const seen = await examine(
      source(() => Promise.reject(refusal)),
      ...[surroundings, "", before],
    );
    expect(seen).toEqual({
      report: {
        ...{ source: "somewhere", protection: "reference", state: "locked", problem: refusal.message },
        ...{ account: before.account, identity: before.arn, lastCheck: before.at },
      },
      error: refusal,
    });
  });

  it("that is not there is no error", async () => {
    expect(
      await examine(
        source(async () => undefined),
        surroundings,
        "",
        undefined,
      ),
    ).toEqual({
      report: { source: "somewhere", protection: "reference", state: "absent" },
    });
  });
});

describe("the verdict", () => {
  const locked = {
    report: { ...absent, state: "locked" as const },
    error: new UnlockRequired("deploy", "no session"),
  };

  it("is that of the first source that is there", () => {
    expect(verdict([{ report: absent }, { report: good }, locked])).toBeUndefined();
    expect(verdict([{ report: absent }, locked, { report: good }])).toBe(locked.error);
  });

  it("is a choice where none is there", () => {
    expect(verdict([{ report: absent }])).toEqual(new NoCredentials(["web identity"]));
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

describe("advice", () => {
  it("is given for a key that does not end, where it is used", () => {
    const key: SourceReport = { ...good, source: "1Password", temporary: false };
    expect(advice([absent, key])).toContain("1Password holds a key that does not end by itself.");
    expect(advice([good, key])).toBeUndefined();
  });
});
