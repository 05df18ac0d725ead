import { expect, it } from "vitest";
import { lookAtAll } from "./part.ts";
import { statusReport, statusText } from "./report.ts";

const looks = [
  {
    name: "access key",
    look: async () => ({
      lines: [["AKIA1", "active, 3 days old, not used yet, on the Platform"] as [string, string]],
      ...{ data: [{ id: "AKIA1" }], wrong: [] },
    }),
  },
  {
    name: "policies",
    look: () => Promise.reject(new Error("Not seen.\n  got:  403\n  mend: let it be seen")),
  },
  { name: "GitHub", look: () => Promise.reject(new Error("gone")) },
];

it("is one screen, with what does not agree and what mends it", async () => {
  const parts = await lookAtAll(looks);
  expect(statusText("dev", parts)).toBe(`\
┌────────────┬────┬───────────┬──────────────────────────────────────────────────────────────┐
│            │    │ stack dev │                                                              │
│ access key │ ok │ AKIA1     │ active, 3 days old, not used yet, on the Platform            │
│ policies   │ !! │ not seen  │ Not seen.                                                    │
│            │    │           │ got: 403                                                     │
│ GitHub     │ !! │ not seen  │ gone                                                         │
└────────────┴────┴───────────┴──────────────────────────────────────────────────────────────┘
Not seen.
got: 403
  mend: let it be seen
gone
  mend: npm run --silent megatests -- doctor
2 disagreements`);
  expect(statusReport("dev", parts)).toEqual({
    ...{
      stack: "dev",
      good: false,
      parts: { "access key": [{ id: "AKIA1" }], policies: null, GitHub: null },
    },
    wrong: [
      { found: "Not seen.\ngot: 403", mend: "let it be seen" },
      { found: "gone", mend: "npm run --silent megatests -- doctor" },
    ],
  });
  expect(statusText("dev", parts.slice(0, 1))).toMatch(/\nAll agrees\.$/);
});

it("says what a right is missing for, where AWS denies a look", async () => {
  const denied = Object.assign(new Error("User: u is not authorized to perform: iam:ListUserPolicies"), {
    name: "AccessDeniedException",
  });
  const [part] = await lookAtAll([{ name: "other rights", look: () => Promise.reject(denied) }]);
  expect(part?.wrong).toEqual([
    {
      found: "User: u is not authorized to perform: iam:ListUserPolicies",
      mend: "attach the deployer's policy of docs/deployer.md to whose credentials these are",
    },
  ]);
});
