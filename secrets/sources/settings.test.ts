import { describe, expect, it } from "vitest";
import { gradeOf, sourceSetting, type SourceSetting, tooWeak } from "./settings.ts";
import type { Grade } from "./source.ts";

const roleArn = "arn:aws:iam::123456789012:role/deployer";
const onTop = (base: SourceSetting): SourceSetting => ({
  source: "assume-role",
  roleArn,
  seconds: 3600,
  with: base,
});

describe("sourceSetting", () => {
  it("has defaults for what need not be said", () => {
    const secret = { source: "secrets-manager", secretId: "key", with: { source: "dotenv" } };
    expect(sourceSetting.parse({ source: "assume-role", roleArn, with: secret })).toEqual(
      onTop({
        ...{ source: "secrets-manager", secretId: "key" },
        ...{ accessKeyIdField: "accessKeyId", secretAccessKeyField: "secretAccessKey" },
        with: { source: "dotenv", file: ".env" },
      }),
    );
  });

  it.each([
    { source: "profile" },
    { source: "sso" },
    { source: "environment", accessKeyId: "AKIA" },
    { source: "assume-role", roleArn },
    { source: "assume-role", roleArn: "deployer", with: { source: "onepassword" } },
    { source: "assume-role", roleArn, seconds: 60, with: { source: "onepassword" } },
    { source: "secrets-manager", with: { source: "onepassword" } },
    "onepassword",
  ])("refuses %j", (setting) => {
    expect(sourceSetting.safeParse(setting).success).toBe(false);
  });
});

describe("grades", () => {
  const grades: [SourceSetting, string][] = [
    [{ source: "onepassword" }, "encrypted"],
    [{ source: "sso", profile: "p" }, "reference"],
    [{ source: "web-identity" }, "reference"],
    [{ source: "environment" }, "plaintext"],
    [{ source: "dotenv", file: ".env" }, "plaintext"],
  ];

  it.each(grades)("of %j is %s, also with a role on top", (setting, grade) => {
    expect([gradeOf(setting), gradeOf(onTop(onTop(setting)))]).toEqual([grade, grade]);
  });

  it("below the least are told", () => {
    const weaker = (least: Grade) =>
      tooWeak(
        grades.map(([setting]) => setting),
        least,
      );
    const plain = ["environment", "dotenv"].map((source) => ({ source, grade: "plaintext" }));
    expect(weaker("plaintext")).toEqual([]);
    expect(weaker("encrypted")).toEqual(plain);
    expect(weaker("reference")).toEqual([{ source: "onepassword", grade: "encrypted" }, ...plain]);
    expect(tooWeak([onTop(onTop({ source: "environment" }))], "encrypted")).toEqual([
      { source: "assume-role with assume-role with environment", grade: "plaintext" },
    ]);
  });
});
