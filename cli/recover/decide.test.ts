import { expect, test } from "vitest";
import { decide, type Assurance, type Item } from "./decide.ts";
import type { Findings } from "./findings.ts";

/** A good deployment's. */
function healthy(changes: Partial<Findings> = {}, state: Partial<Findings["state"]> = {}): Findings {
  return {
    locks: [],
    state: {
      userNames: ["forge"],
      roleNames: [],
      accessKeys: [{ id: "AKIA1", replaced: false }],
      computeEnvironments: [{ key: "cpu", id: "e1", replaced: false }],
      ...{ variableNames: ["TOWER_COMPUTE_ENV_CPU"], policies: [], bucketNames: [] },
      pending: [],
      ...state,
    },
    byRole: false,
    userName: "forge",
    keyIds: ["AKIA1"],
    held: [{ accessKeyId: "AKIA1", by: "tower-aws (c1)", own: true }],
    ...{ environments: [], variables: [], owner: "lab" },
    ...changes,
  };
}

const lock = (holder: "gone" | "elsewhere") => ({
  ...{ file: "/l/a.json", pid: 7, username: "ann", hostname: "h", timestamp: "2026-05-05T12:00:00Z", holder },
});
const env = (status: string) => healthy({ environments: [{ id: "e9", name: "cpu", status }] });
const stray = (value: string, wanted?: string) => healthy({ variables: [{ name: "V", value, wanted }] });

/** `where | found | what is done | by`, and the action. */
function line({ where, found, then, by, action }: Item): string {
  return [where, found, then, by, ...(action ? [JSON.stringify(action)] : [])].join(" | ");
}

test.each<[string, Findings, string[], Assurance?]>([
  ["a healthy stack", healthy(), []],
  [
    "a stack that was never deployed",
    healthy({ keyIds: [], held: [] }, { accessKeys: [], userNames: [] }),
    [],
  ],
  [
    "a lock of a process that is gone",
    healthy({ locks: [lock("gone")] }),
    [
      `state | a lock of process 7 of ann@h, since 2026-05-05T12:00:00Z | that process is gone: the lock goes | recover | ${JSON.stringify({ do: "remove the lock", lock: lock("gone") })}`,
    ],
  ],
  [
    "a lock of another machine",
    healthy({ locks: [lock("elsewhere")] }),
    [
      `state | a lock of process 7 of ann@h, since 2026-05-05T12:00:00Z | that process cannot be seen from here: the lock goes if you say that nobody deploys | recover | ${JSON.stringify({ do: "remove the lock", lock: lock("elsewhere") })}`,
    ],
  ],
  ["locks that cannot be seen", healthy({ locks: undefined }), []],
  [
    "a role, and somebody's user of that name",
    healthy({ byRole: true, keyIds: ["AKIA8", "AKIA9"] }, { userNames: [], accessKeys: [] }),
    [],
  ],
  [
    "a role in the place of a key, of which there is one more",
    healthy({ byRole: true, keyIds: ["AKIA0", "AKIA1"], held: [] }),
    [
      `AWS | access key AKIA0: not in the state, and in no credentials on Seqera Platform | nobody works with it: deleted | recover | ${JSON.stringify({ do: "delete the key", id: "AKIA0" })}`,
    ],
  ],
  [
    "a role in the place of a key that is gone",
    healthy({
      byRole: true,
      keyIds: ["AKIA0"],
      held: [{ accessKeyId: "AKIA0", by: "mine (c9)", own: true }],
    }),
    [
      "AWS | access key AKIA0: not in the state, held by mine (c9) | stays, and the user with it, until these credentials are given another key or deleted | pulumi up",
      "AWS | access key AKIA1: in the state, not in AWS | takes it out of the state: the role is in its place | pulumi up",
    ],
  ],
  [
    "a role in the place of two keys",
    healthy(
      { byRole: true, keyIds: ["AKIA1", "AKIA2"] },
      { accessKeys: ["AKIA1", "AKIA2"].map((id) => ({ id, replaced: false })) },
    ),
    [
      "AWS | access keys AKIA1 and AKIA2, both in the state | deletes both: the role is in their place | pulumi up",
    ],
  ],
  [
    "locks that cannot be seen, where nobody deploys",
    healthy({ locks: undefined }),
    ['state | a lock, perhaps | whatever lock there is goes | recover | {"do":"cancel"}'],
    { nobodyDeploys: true },
  ],
  [
    "a pending operation",
    healthy(
      {},
      { pending: [{ type: "creating", urn: "urn:pulumi:s::P::a$aws:iam/accessKey:AccessKey::key" }] },
    ),
    [
      'state | a pending operation: creating aws:iam:AccessKey key | its record goes; what it has done, if anything, is found or done again by the next pulumi up | recover | {"do":"clear pending operations"}',
    ],
  ],
  [
    "a key that nobody knows",
    healthy({ keyIds: ["AKIA1", "AKIA2"] }),
    [
      'AWS | access key AKIA2: not in the state, and in no credentials on Seqera Platform | nobody works with it: deleted | recover | {"do":"delete the key","id":"AKIA2"}',
    ],
  ],
  [
    "the older key unknown, which age has no say in",
    healthy({ keyIds: ["AKIA0", "AKIA1"] }),
    [
      'AWS | access key AKIA0: not in the state, and in no credentials on Seqera Platform | nobody works with it: deleted | recover | {"do":"delete the key","id":"AKIA0"}',
    ],
  ],
  [
    "a key that only the Platform knows",
    healthy({
      keyIds: ["AKIA1", "AKIA2"],
      held: [{ accessKeyId: "AKIA2", by: "tower-aws (c1)", own: true }],
    }),
    [
      "AWS | access key AKIA2: not in the state, held by tower-aws (c1) | stays until the state's key is handed over in its place, then goes | pulumi up",
    ],
  ],
  [
    "a key in somebody else's credentials",
    healthy({ keyIds: ["AKIA1", "AKIA2"], held: [{ accessKeyId: "AKIA2", by: "other (c2)", own: false }] }),
    [
      "AWS | access key AKIA2: not in the state, held by other (c2) | stays until the state's key is handed over in its place, then goes | pulumi up",
    ],
  ],
  [
    "a user that the state does not know",
    healthy({ keyIds: ["AKIA8", "AKIA9"], held: [] }, { userNames: [], accessKeys: [] }),
    [
      "AWS | the user forge with the access keys AKIA8, AKIA9, none of which the state knows | they stay: another stack may work with them. If it is this stack's, pulumi up says so; else: pulumi config set userName ANOTHER | you",
    ],
  ],
  [
    "the state's key gone, and no other there",
    healthy({ keyIds: [], held: [] }),
    ["AWS | access key AKIA1: in the state, not in AWS | another one is made | pulumi up"],
  ],
  [
    "the state's key gone, and another there",
    healthy({ keyIds: ["AKIA2"], held: [] }),
    [
      'AWS | access key AKIA2: not in the state, and in no credentials on Seqera Platform | nobody works with it: deleted | recover | {"do":"delete the key","id":"AKIA2"}',
      "AWS | access key AKIA1: in the state, not in AWS | pulumi refresh --run-program --yes, then pulumi up, which makes another one | you",
    ],
  ],
  [
    "a replaced key gone before the state was told",
    healthy(
      {},
      {
        accessKeys: [
          { id: "AKIA1", replaced: false },
          { id: "AKIA0", replaced: true },
        ],
      },
    ),
    [],
  ],
  [
    "an unfinished rotation",
    healthy(
      { keyIds: ["AKIA0", "AKIA1"], held: [{ accessKeyId: "AKIA0", by: "tower-aws (c1)", own: true }] },
      {
        accessKeys: [
          { id: "AKIA1", replaced: false },
          { id: "AKIA0", replaced: true },
        ],
      },
    ),
    ["AWS | access keys AKIA0 and AKIA1, both in the state | finishes the last rotation | pulumi up"],
  ],
  [
    "credentials with a dead key",
    healthy({ held: [{ accessKeyId: "AKIA7", by: "tower-aws (c1)", own: true }] }),
    [
      "Seqera Platform | tower-aws (c1) with access key AKIA7, which AWS does not have | hands over the state's key | pulumi up",
    ],
  ],
  [
    "somebody else's credentials",
    healthy({ held: [{ accessKeyId: "X", by: "other (c2)", own: false }] }),
    [],
  ],
  [
    "a compute environment that was made",
    env("AVAILABLE"),
    [
      "Seqera Platform | compute environment cpu (e9), AVAILABLE: not in the state | takes it over if its settings are those of the files | pulumi up",
    ],
  ],
  [
    "one that is being made",
    env("CREATING"),
    [
      "Seqera Platform | compute environment cpu (e9), CREATING: not in the state | waits for it, and takes it over if its settings are those of the files | pulumi up",
    ],
  ],
  [
    "one that has turned INVALID",
    env("INVALID"),
    [
      "Seqera Platform | compute environment cpu (e9), INVALID: not in the state | takes it over if its settings are those of the files, and has it validated again | pulumi up",
    ],
  ],
  [
    "one that failed",
    env("ERRORED"),
    ["Seqera Platform | compute environment cpu (e9), ERRORED: not in the state | makes it anew | pulumi up"],
  ],
  ["one that is going", env("DELETING"), []],
  [
    "a variable that says what is to be published",
    stray("e1", "e1"),
    [
      'GitHub | variable V = "e1": not in the state | takes it over: it says what is to be published | pulumi up',
    ],
  ],
  [
    "a variable that says something else",
    stray("e0", "e1"),
    [
      'GitHub | variable V = "e0": not in the state | if nobody needs it: gh variable delete V --org lab, then pulumi up | you',
    ],
  ],
  [
    "a variable while it is not known what is to be published",
    stray("e0"),
    [
      'GitHub | variable V = "e0": not in the state | takes it over if it says what is to be published, else names it | pulumi up',
    ],
  ],
])("%s", (_what, findings, expected, assurance) => {
  expect(decide(findings, assurance).map(line)).toEqual(expected);
});
