import { expect, test } from "vitest";
import { stateOf } from "./state.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::P::P:folder:Parent$${type}::${name}`;
const KEY = "aws:iam/accessKey:AccessKey";
const COMMAND = "command:local:Command";
const resource = (type: string, name: string, rest: object) => ({ urn: urn(type, name), type, ...rest });
const step = (name: string, stdout: unknown, rest: object = {}) =>
  resource(COMMAND, name, { outputs: { stdout }, ...rest });

test("users, keys, compute environments and variables, with what is yet to be deleted", () => {
  const resources = [
    resource("pulumi:pulumi:Stack", "P-dev", {}),
    resource("aws:iam/user:User", "towerforge-user", { id: "forge", outputs: { name: "forge" } }),
    resource("aws:iam/role:Role", "towerforge-role", { outputs: { name: "Seqera" } }),
    resource("aws:iam/policy:Policy", "towerforge-s3-policy", {
      outputs: { name: "forge-S3-Policy", policy: "{}" },
    }),
    resource("aws:s3/bucket:Bucket", "work-bucket", { id: "work", outputs: { bucket: "work" } }),
    resource(KEY, "towerforge-key", { id: "AKIA2" }),
    resource(KEY, "towerforge-key", { id: "AKIA1", delete: true }),
    step("seqera-preflight", '{"workspaceId":42}'),
    step("seqera-credentials", '{"credentialsId":"c1","accessKeyId":"AKIA2"}'),
    step("seqera-big-gpu", '{"computeEnvironmentId":"e2","name":"gpu"}'),
    step("seqera-big-gpu", '{"computeEnvironmentId":"e1","name":"gpu"}', { delete: true }),
    step("seqera-cpu", ""),
    resource("github:index/actionsOrganizationVariable:ActionsOrganizationVariable", "github-X", {
      outputs: { variableName: "X" },
    }),
  ];
  const pending_operations = [{ type: "creating", resource: resource(KEY, "towerforge-key", {}) }];
  expect(stateOf({ version: 3, deployment: { resources, pending_operations } })).toEqual({
    userNames: ["forge"],
    roleNames: ["Seqera"],
    accessKeys: [
      { id: "AKIA2", replaced: false },
      { id: "AKIA1", replaced: true },
    ],
    computeEnvironments: [
      { key: "big-gpu", id: "e2", replaced: false },
      { key: "big-gpu", id: "e1", replaced: true },
    ],
    ...{
      variableNames: ["X"],
      policies: [{ name: "forge-S3-Policy", document: "{}" }],
      bucketNames: ["work"],
    },
    pending: [{ type: "creating", urn: urn(KEY, "towerforge-key") }],
  });
});

test("a stack that was never deployed knows nothing", () => {
  expect(stateOf({ version: 3, deployment: { manifest: {} } })).toEqual({
    ...{
      userNames: [],
      roleNames: [],
      accessKeys: [],
      computeEnvironments: [],
      variableNames: [],
      pending: [],
    },
    ...{ policies: [], bucketNames: [] },
  });
});
