import { describe, expect, it } from "vitest";
import { Fault } from "../../fault.ts";
import { UnlockRequired } from "../../secrets/sources/index.ts";
import { doctorCount, doctorTable, remedies, reportOf } from "./report.ts";
import { Checkup, fail, need, notApplicable, pass } from "./row.ts";
import { textsOf } from "./rows-for-tests.ts";

describe("a check-up", () => {
  it("counts nothing as passed that was not checked, and names the row at the bottom of it", async () => {
    const checkup = new Checkup(1000);
    const first = checkup.add("a", "first", () => fail("broken", "mend it"));
    const second = checkup.add("b", "second", async () => pass("x", await need(first)));
    checkup.add("a", "third", async () => pass("y", await need(second)));
    const none = checkup.add("b", "fourth", () => notApplicable("there is none"));
    checkup.add("b", "fifth", async () => pass("z", await need(none)));
    const report = await reportOf(checkup);
    expect(report).toEqual({
      ...{ good: false, locked: false, passed: 0, failed: 1, notApplicable: 4 },
      rows: [
        { group: "a", name: "first", state: "fail", found: "broken", mend: "mend it" },
        { group: "a", name: "third", state: "not applicable", found: "not checked: first fails" },
        { group: "b", name: "second", state: "not applicable", found: "not checked: first fails" },
        { group: "b", name: "fourth", state: "not applicable", found: "there is none" },
        {
          group: "b",
          name: "fifth",
          state: "not applicable",
          found: "not checked: fourth is not applicable",
        },
      ],
    });
    expect(doctorCount(report)).toBe("0 passed, 1 failed, 4 not applicable");
  });

  it("begins every check at once, and gives up one that does not end", async () => {
    let begun = 0;
    const hanging = () => new Promise<never>(() => begun++);
    const texts = await textsOf((checkup) => {
      checkup.add("a", "one", hanging);
      checkup.add("a", "two", hanging);
    }, 50);
    expect(begun).toBe(2);
    const late = "fail: no answer within 0.05 seconds\nmend: look whether the service can be reached";
    expect(texts).toEqual({ one: late, two: late });
  });

  it("takes what a check throws for its failure, with the remedy the error names", async () => {
    const texts = await textsOf((checkup) => {
      checkup.add("a", "fault", () =>
        Promise.reject(new Fault("It is shut.", { got: "no key", mend: "open it" })),
      );
      checkup.add("a", "other", () => Promise.reject(new Error("no idea")));
    });
    expect(texts).toEqual({
      fault: "fail: It is shut.\ngot: no key\nmend: open it",
      other: "fail: no idea\nmend: look into what it says",
    });
  });

  it("tells where nothing fails but credentials that a person has to unlock", async () => {
    const reported = async (...others: (() => never)[]) => {
      const checkup = new Checkup(1000);
      const locked = checkup.add("a", "locked", () => {
        throw new UnlockRequired("lab", "no session lab");
      });
      checkup.add("a", "behind it", async () => pass("x", await need(locked)));
      for (const [at, other] of others.entries()) checkup.add("b", `other ${at}`, other);
      return reportOf(checkup);
    };
    const alone = await reported();
    expect(alone).toMatchObject({ good: false, locked: true, failed: 1, notApplicable: 1 });
    expect(alone.rows[0]).toEqual({
      ...{ group: "a", name: "locked", state: "fail" },
      found:
        "unlock required: AWS SSO profile lab\ngot: no session lab\nallowed: a session that is signed in",
      mend: "npm run --silent megatests -- credentials unlock --profile lab",
    });
    const broken = () => {
      throw new Error("broken");
    };
    expect(await reported(broken)).toMatchObject({ good: false, locked: false, failed: 2 });
  });

  it("is shown as a table by groups, and remedies to be copied whole", async () => {
    const checkup = new Checkup(1000);
    const long = "/a/very/long/path".repeat(8);
    checkup.add("tools", "tw", () => fail(`not there\nnor ${long}`, `curl ${long}\nsecond command`));
    checkup.add("tools", "Node", () => pass("24"));
    checkup.add("GitHub", "GitHub token", () => notApplicable("publishToGithub is false"));
    const report = await reportOf(checkup);
    expect(doctorTable(report)).toBe(
      [
        "┌────────┬──────────────┬──────┬──────────────────────────────────────────────────────────────────────────────────┐",
        "│        │ precondition │      │ found                                                                            │",
        "│ tools  │ tw           │ FAIL │ not there                                                                        │",
        "│        │              │      │ nor                                                                              │",
        `│        │              │      │ ${long.slice(0, 80)} │`,
        `│        │              │      │ ${long.slice(80).padEnd(80)} │`,
        "│        │ Node         │ pass │ 24                                                                               │",
        "│ GitHub │ GitHub token │ n/a  │ publishToGithub is false                                                         │",
        "└────────┴──────────────┴──────┴──────────────────────────────────────────────────────────────────────────────────┘",
      ].join("\n"),
    );
    expect(remedies(report)).toBe(
      `tw\n  found: not there\n         nor ${long}\n  mend:  curl ${long}\n         second command`,
    );
  });
});
