import { describe, expect, it } from "vitest";
import { noRotation, planRotation, type RotationArgs } from "./rotation.ts";

const key = (accessKeyId: string, createDate: string) => ({ accessKeyId, createDate });
const one = key("AKIA1", "2026-01-01T00:00:00Z");
const two = key("AKIA2", "2026-01-02T00:00:00Z");
const args = (rotation: RotationArgs["rotation"], more: Partial<RotationArgs> = {}): RotationArgs => ({
  rotation,
  rotationDays: 30,
  rotationSerial: 1,
  ...more,
});
const now = new Date("2026-03-01T00:00:00Z");

describe("with every deployment", () => {
  it("a first deployment has a trigger too", () => {
    expect(planRotation(args("deployment"), undefined, now)).toEqual({
      trigger: "deployment:first",
      unfinished: false,
      keyIds: [],
      until: "the next deployment",
    });
  });

  it("the key in use makes the next one due", () => {
    expect(planRotation(args("deployment"), [one], now).trigger).toBe("deployment:AKIA1");
    expect(planRotation(args("deployment"), [two], now).trigger).toBe("deployment:AKIA2");
  });

  it("an unfinished rotation keeps its trigger, in whatever order AWS lists the keys", () => {
    const until = "the next deployment";
    const plan = { trigger: "deployment:AKIA1", unfinished: true, keyIds: ["AKIA1", "AKIA2"], until };
    expect(planRotation(args("deployment"), [two, one], now)).toEqual(plan);
    expect(planRotation(args("deployment"), [one, two], now)).toEqual(plan);
  });

  it("tells keys of the same second apart the same way in every run", () => {
    const twins = [key("AKIB", one.createDate), key("AKIA", one.createDate)];
    expect(planRotation(args("deployment"), twins, now).trigger).toBe("deployment:AKIA");
    expect(planRotation(args("deployment"), twins.toReversed(), now).trigger).toBe("deployment:AKIA");
  });
});

describe("every so many days", () => {
  const at = (date: string, days = 30) =>
    planRotation(args("everyDays", { rotationDays: days }), [one], new Date(date)).trigger;

  it("the trigger is the same all through a window, and another in the next", () => {
    const start = 685 * 30 * 86_400_000;
    const iso = (offset: number) => new Date(start + offset).toISOString();
    expect(at(iso(0))).toBe("everyDays:30:685");
    expect(at(iso(30 * 86_400_000 - 1))).toBe("everyDays:30:685");
    expect(at(iso(30 * 86_400_000))).toBe("everyDays:30:686");
  });

  it("says the day on which the window ends, the same all through it", () => {
    const until = (date: string) => planRotation(args("everyDays"), [one], new Date(date)).until;
    expect([
      until("2026-03-01T00:00:00Z"),
      until("2026-03-07T23:59:59Z"),
      until("2026-03-08T00:00:00Z"),
    ]).toEqual(["2026-03-08", "2026-03-08", "2026-04-07"]);
  });

  it("two keys are an unfinished rotation", () => {
    expect(planRotation(args("everyDays"), [one, two], now).unfinished).toBe(true);
  });
});

describe("by hand", () => {
  it("the serial is the trigger", () => {
    expect(planRotation(args("manual", { rotationSerial: 7 }), [one], now)).toEqual({
      trigger: "manual:7",
      unfinished: false,
      keyIds: ["AKIA1"],
      until: "rotationSerial is no longer 7",
    });
  });

  it("a user without any key gets one, and again when that is lost too", () => {
    for (const rotation of ["deployment", "everyDays", "manual"] as const) {
      const [first, second] = [now, new Date(now.getTime() + 1)].map(
        (at) => planRotation(args(rotation), [], at).trigger,
      );
      expect(first).toBe("none:2026-03-01T00:00:00.000Z");
      expect(second).not.toBe(first);
    }
  });
});

it("there is none with a role: the same trigger at every deployment, and none without a value", () => {
  expect(noRotation("Seqera")).toEqual({
    trigger: "role:Seqera",
    unfinished: false,
    keyIds: [],
    until: "credentialMode is key",
  });
});
