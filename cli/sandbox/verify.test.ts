import { expect, test } from "vitest";
import type { Status } from "../../sandbox/services/control.ts";
import { disagreements, expectedOf, leftovers } from "./verify.ts";

const config = {
  "Lab:userName": "forge",
  "Lab:credentialsName": "tower-aws",
  "Lab:bucket": "work",
  "Lab:computeEnvironments": ["seqerakit/compute-envs/cpu.yml", "x/big-gpu.yml"],
};
const expected = expectedOf(config, "Lab");
const byRole = expectedOf({ ...config, "Lab:credentialMode": "role", "Lab:roleName": "Seqera" }, "Lab");

/** What a good deployment leaves. */
function good(): Status {
  const env = { status: "AVAILABLE", primary: false, credentialsId: "c1" };
  const policies = ["TowerForge-Forge-Policy", "TowerForge-Launch-Policy", "TowerForge-S3-Policy"];
  return {
    aws: {
      users: [{ name: "forge", policies, keys: [{ id: "AKIA1", status: "Active" }] }],
      roles: [],
      policies,
      bucket: true,
    },
    platform: {
      credentials: [
        { id: "c1", name: "tower-aws", status: "AVAILABLE", accessKeyId: "AKIA1", roleArn: null },
      ],
      computeEnvs: [
        { ...env, id: "e1", name: "one" },
        { ...env, id: "e2", name: "two" },
      ],
    },
    github: {
      variables: {
        TOWER_COMPUTE_ENV_CPU: "e1",
        TOWER_COMPUTE_ENV_BIG_GPU: "e2",
        AWS_S3_BUCKET: "work",
        TOWER_WORKSPACE_ID: "42",
      },
      secrets: ["TOWER_ACCESS_TOKEN"],
    },
    prober: { calls: 10, refused: [], unanswered: 0 },
    faults: [],
  };
}

/** The same by a role. */
function goodByRole(): Status {
  const status = good();
  const { policies } = status.aws;
  status.aws = { ...status.aws, users: [], roles: [{ name: "Seqera", policies }] };
  const roleArn = "arn:aws:iam::123456789012:role/Seqera";
  status.platform.credentials = [
    { id: "c1", name: "tower-aws-Seqera", status: "AVAILABLE", accessKeyId: null, roleArn },
  ];
  return status;
}

test("a good deployment has no disagreements", () => {
  expect(disagreements(good(), expected)).toEqual([]);
  expect(disagreements(goodByRole(), byRole)).toEqual([]);
});

test.each<[string, (status: Status) => unknown, string[]]>([
  [
    "no role",
    (s) => (s.aws.roles = []),
    [
      "AWS has no role Seqera",
      ...["Forge", "Launch", "S3"].map(
        (part) => `policy TowerForge-${part}-Policy is not attached to Seqera`,
      ),
    ],
  ],
  [
    "a policy not attached",
    (s) => (s.aws.roles[0]!.policies = s.aws.roles[0]!.policies.slice(1)),
    ["policy TowerForge-Forge-Policy is not attached to Seqera"],
  ],
  [
    "another role",
    (s) => (s.platform.credentials[0]!.roleArn = "arn:aws:iam::123456789012:role/NotSeqera"),
    ["credentials tower-aws-Seqera assume arn:aws:iam::123456789012:role/NotSeqera, not Seqera"],
  ],
  ["the user is still there", (s) => (s.aws.users = good().aws.users), ["AWS still has the user forge"]],
  [
    "the key's credentials are still there",
    (s) => s.platform.credentials.push(good().platform.credentials[0]!),
    ["Seqera Platform still has the credentials tower-aws"],
  ],
])("by a role, %s is found", (_what, spoil, sentences) => {
  const status = goodByRole();
  spoil(status);
  expect(disagreements(status, byRole)).toEqual(sentences);
});

const user = (status: Status) => status.aws.users[0] as Status["aws"]["users"][number];
test.each<[string, (status: Status) => unknown, string]>([
  [
    "a second key",
    (s) => user(s).keys.push({ id: "AKIA2", status: "Active" }),
    "user forge has 2 access keys, not one",
  ],
  ["no user", (s) => (s.aws.users = []), "AWS has no user forge"],
  [
    "an inactive key",
    (s) => (user(s).keys = [{ id: "AKIA1", status: "Inactive" }]),
    "an access key of forge is not active",
  ],
  [
    "a policy not attached",
    (s) => user(s).policies.pop(),
    "policy TowerForge-S3-Policy is not attached to forge",
  ],
  ["no credentials", (s) => (s.platform.credentials = []), "Seqera Platform has no credentials tower-aws"],
  [
    "invalid credentials",
    (s) => (s.platform.credentials[0]!.status = "INVALID"),
    "credentials tower-aws are INVALID",
  ],
  [
    "another key held",
    (s) => (s.platform.credentials[0]!.accessKeyId = "AKIA0"),
    "credentials tower-aws hold key AKIA0, AWS has AKIA1",
  ],
  [
    "an errored environment",
    (s) => (s.platform.computeEnvs[1]!.status = "ERRORED"),
    "compute environment two is ERRORED",
  ],
  ["a missing environment", (s) => s.platform.computeEnvs.pop(), "there are 1 compute environments, not 2"],
  [
    "other credentials",
    (s) => (s.platform.computeEnvs[0]!.credentialsId = "c0"),
    "compute environment one has credentials c0, not c1",
  ],
  [
    "a wrong id",
    (s) => (s.github.variables.TOWER_COMPUTE_ENV_CPU = "e9"),
    "GitHub's variable TOWER_COMPUTE_ENV_CPU is e9, which is no compute environment's id",
  ],
  [
    "one id twice",
    (s) => (s.github.variables.TOWER_COMPUTE_ENV_CPU = "e2"),
    "two of GitHub's variables hold the same compute environment's id",
  ],
  ["another bucket", (s) => (s.github.variables.AWS_S3_BUCKET = "x"), "GitHub's variable AWS_S3_BUCKET is x"],
  [
    "no workspace",
    (s) => delete s.github.variables.TOWER_WORKSPACE_ID,
    "GitHub's variable TOWER_WORKSPACE_ID is not set",
  ],
  ["no secret", (s) => s.github.secrets.pop(), "GitHub's secret TOWER_ACCESS_TOKEN is not set"],
  ["no bucket", (s) => (s.aws.bucket = false), "the bucket work is gone"],
  [
    "a refusal",
    (s) => s.prober.refused.push({ at: "now", held: "AKIA0", error: "InvalidClientTokenId" }),
    "AWS refused what the Platform held, 1 times in 10 calls; first AKIA0 at now: InvalidClientTokenId",
  ],
])("%s is found", (_what, spoil, sentence) => {
  const status = good();
  spoil(status);
  expect(disagreements(status, expected)).toContain(sentence);
});

test("without publishing, GitHub is not looked at", () => {
  const status = { ...good(), github: { variables: {}, secrets: [] } };
  expect(disagreements(status, { ...expected, publishToGithub: false })).toEqual([]);
});

test("everything a stack has made counts as left over, what others made does not", () => {
  expect(leftovers(good(), expected)).toHaveLength(1 + 3 + 1 + 2 + 4 + 1);
  const empty = good();
  expect(leftovers(goodByRole(), byRole)).toHaveLength(1 + 3 + 1 + 2 + 4 + 1);
  empty.aws = {
    users: [{ name: "someone", policies: [], keys: [] }],
    roles: [{ name: "Theirs", policies: [] }],
    policies: ["Other"],
    bucket: true,
  };
  empty.platform = { credentials: [], computeEnvs: [] };
  empty.github = { variables: { OTHER: "1" }, secrets: ["OTHER"] };
  expect(leftovers(empty, expected)).toEqual([]);
  empty.aws.bucket = false;
  expect(leftovers(empty, expected)).toEqual(["the protected bucket work is gone"]);
});
