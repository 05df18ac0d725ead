import { expect, it } from "vitest";
import type { Holdings } from "./holdings.ts";
import { faultsIn, type Seen } from "./verdict.ts";

const env = {
  id: "env1",
  name: "aws_ireland_fusionv2_nvme_cpu_snapshots",
  status: "AVAILABLE",
  credentialsId: "cred1",
};
const held = (accessKeyId: string): Holdings => ({
  ...{ keys: [accessKeyId], stateKeys: [accessKeyId], pending: 0, outputKey: accessKeyId },
  credentials: [{ id: "cred1", accessKeyId }],
  ...{ computeEnvs: [env], variables: { TOWER_COMPUTE_ENV_CPU: "env1" } },
});
const good: Seen = {
  ...{ part: "rotation", environments: ["cpu"], hit: true, kills: false },
  first: { end: "failed", text: "error: 500" },
  second: { end: "ok", text: "renewed" },
  ...{ before: held("AKIAOLD"), after: held("AKIANEW"), refused: [], leaks: [] },
};
const after = (changes: Partial<Holdings>): Partial<Seen> => ({ after: { ...held("AKIANEW"), ...changes } });

it("finds nothing wrong where nothing is", () => {
  expect(faultsIn(good)).toEqual([]);
  expect(faultsIn({ ...good, kills: true, first: { end: "killed", text: "" } })).toEqual([]);
});

it.each<[string, Partial<Seen>, string[]]>([
  ["a fault that hit nothing", { hit: false }, ["the fault has hit no call"]],
  [
    "an engine that lived",
    { kills: true },
    ["the deployment with the fault was not killed: it has failed:\nerror: 500"],
  ],
  [
    "an engine that died",
    { first: { end: "killed", text: "" } },
    ["the deployment with the fault has killed:\n"],
  ],
  ["mending that failed", { mending: "a lock" }, ["mending has failed: a lock"]],
  [
    "no good end",
    { second: { end: "failed", text: "error: no\n" } },
    ["the deployment after it has failed:\nerror: no"],
  ],
  [
    "a stack trace",
    { first: { end: "failed", text: "oh\n    at up (/x/index.ts:3:7)\n" } },
    ["a stack trace was shown"],
  ],
  [
    "a key too many in AWS",
    after({ keys: ["AKIANEW", "AKIALOST"] }),
    [
      "AWS has 2 access keys",
      "the state has keys AKIANEW, AWS has AKIANEW, AKIALOST",
      "the Platform holds keys AKIANEW, AWS has AKIANEW, AKIALOST",
    ],
  ],
  [
    "a key that waits for its deletion",
    after({ stateKeys: ["AKIANEW", "AKIAOLD"] }),
    ["the state has keys AKIANEW, AKIAOLD, AWS has AKIANEW"],
  ],
  [
    "a dead key on the Platform",
    after({ credentials: [{ id: "cred1", accessKeyId: "AKIAOLD" }] }),
    ["the Platform holds keys AKIAOLD, AWS has AKIANEW"],
  ],
  [
    "an old key in the outputs",
    after({ outputKey: "AKIAOLD" }),
    ["the outputs name key AKIAOLD, AWS has AKIANEW"],
  ],
  ["operations without an end", after({ pending: 1 }), ["the state has 1 pending operations"]],
  [
    "an environment that is not well",
    after({ computeEnvs: [{ ...env, status: "INVALID", message: "no" }] }),
    ["compute environment aws_ireland_fusionv2_nvme_cpu_snapshots is INVALID with credentials cred1: no"],
  ],
  [
    "new ids in a rotation",
    after({
      credentials: [{ id: "cred2", accessKeyId: "AKIANEW" }],
      computeEnvs: [{ ...env, id: "env2", credentialsId: "cred2" }],
    }),
    [
      "the credentials have another id",
      "the compute environments have other ids",
      "GitHub's variable TOWER_COMPUTE_ENV_CPU is env1, not env2",
    ],
  ],
  [
    "a predecessor that stayed",
    after({ computeEnvs: [env, { ...env, id: "env2", name: "other" }] }),
    [
      "there are compute environments aws_ireland_fusionv2_nvme_cpu_snapshots, other",
      "the compute environments have other ids",
    ],
  ],
  ["no replacement", { part: "replacement" }, ["the compute environment was not replaced"]],
  [
    "nothing published",
    after({ variables: {} }),
    ["GitHub's variable TOWER_COMPUTE_ENV_CPU is not set, not env1"],
  ],
  [
    "a refusal",
    { refused: ["AKIAOLD at noon: InvalidClientTokenId"] },
    ["AWS refused a key that the Platform held: AKIAOLD at noon: InvalidClientTokenId"],
  ],
  [
    "a leak",
    { leaks: ["Platform token in megatests-x"] },
    ["a secret was found: Platform token in megatests-x"],
  ],
])("names %s", (_what, changes, reasons) => {
  expect(faultsIn({ ...good, ...changes })).toEqual(reasons);
});
