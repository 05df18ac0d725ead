import { beforeEach, describe, expect, it } from "vitest";
import { FakePlatform, someComputeEnv, someCredentials, SOMEWHERE } from "../../test/fake-platform.ts";
import type { PlatformCredentials } from "./platform.ts";
import type { RoleRequest } from "./request.ts";
import { offerRole, proveRole } from "./role.ts";

const roleArn = "arn:aws:iam::123456789012:role/Seqera";
const request: RoleRequest = {
  platform: SOMEWHERE,
  credentialsName: "tower-Seqera",
  otherName: "tower",
  roleArn,
  keyProbeSeconds: 1,
  computeEnvironmentSeconds: 1,
  pollMilliseconds: 10,
};
const roleKeys = { mode: "role", assumeRoleArn: roleArn, externalId: "ext-1" };
const offered = (changes: Partial<PlatformCredentials> = {}) =>
  someCredentials({ id: "c2", name: "tower-Seqera", status: "INVALID", keys: roleKeys, ...changes });
let platform: FakePlatform;
const context = (formerId?: string) => ({ workspace: platform, tools: platform, formerId });

beforeEach(() => {
  platform = new FakePlatform();
});

describe("offerRole", () => {
  const made = { credentialsId: "c2", externalId: "ext-1" };

  it("makes credentials beside those with a key, with an external id of the Platform's", async () => {
    platform.held = [someCredentials()];
    platform.onCommand = () => void platform.held.push(offered());
    expect(await offerRole(request, context())).toEqual(made);
    expect(platform.commands).toEqual(["seqerakit credentials.yml"]);
    expect(platform.rendered).toBe(`credentials:
  - name: tower-Seqera
    type: aws
    workspace: $TOWER_ORGANIZATION/$TOWER_WORKSPACE
    mode: role
    assume-role-arn: $ROLE_ARN
    generate-external-id: true
    on_exists: ignore
`);
  });

  it.each([
    ["its own", "c2"],
    ["what a former try has made", undefined],
  ])("finds %s, and changes nothing", async (_, formerId) => {
    platform.held = [offered()];
    expect(await offerRole(request, context(formerId))).toEqual(made);
    expect(platform.commands).toEqual([]);
  });

  it.each([
    ["the name", { name: "mine" }],
    ["the role", { keys: { ...roleKeys, assumeRoleArn: "arn:aws:iam::123456789012:role/Other" } }],
    ["the role, in place of a key", { keys: { mode: "keys", accessKey: "AKIA1", externalId: "ext-1" } }],
  ])("gives its own %s back", async (_, changes) => {
    platform.held = [offered(changes)];
    expect(await offerRole(request, context("c2"))).toEqual(made);
    expect(platform.commands).toEqual([`restore c2 tower-Seqera ${roleArn}`]);
    expect(platform.held).toEqual([offered()]);
  });

  it("leaves somebody's alone", async () => {
    platform.held = [offered({ keys: { accessKey: "AKIA9" } })];
    await expect(offerRole(request, context())).rejects.toThrow(
      new Error(`Credentials of that name are on Seqera Platform already, and not for this role.
  got:     tower-Seqera (c2) with AKIA9
  allowed: ${roleArn}
  mend:    rename or delete them on Seqera Platform; then: pulumi up`),
    );
    expect(platform.commands).toEqual([]);
  });

  it("fails where there is no external id to trust by", async () => {
    platform.held = [offered({ keys: { mode: "role", assumeRoleArn: roleArn } })];
    await expect(offerRole(request, context())).rejects.toThrow(
      new Error(`Credentials on Seqera Platform have no external id, so no role can know them by it.
  got:     tower-Seqera (c2) without one
  allowed: credentials made with an external id; it cannot be had afterwards
  mend:    tw credentials delete -i c2, if no compute environment works by them; then: pulumi up`),
    );
  });

  it("fails where what was made cannot be seen", async () => {
    await expect(offerRole(request, context())).rejects.toThrow(
      new Error(`Seqera Platform does not show the credentials that were made for the role.
  got:     no credentials of that name
  allowed: tower-Seqera
  mend:    pulumi up`),
    );
  });
});

describe("proveRole", () => {
  const offer = { credentialsId: "c2", externalId: "ext-1" };

  it("asks until the role is assumed, three times in a row", async () => {
    platform.held = [offered()];
    const answers = ["INVALID", "AVAILABLE", "INVALID", "AVAILABLE", "AVAILABLE", "AVAILABLE"];
    let asked = 0;
    platform.validateCredentials = () => Promise.resolve({ status: answers[asked++] ?? "INVALID" });
    expect(await proveRole({ ...request, keyProbeSeconds: 20 }, offer, context())).toEqual({
      credentialsId: "c2",
      roleArn,
      status: "AVAILABLE",
      validated: 0,
      retired: {},
    });
    expect(asked).toBe(answers.length);
  });

  it("fails at the limit, with the Platform's reason", async () => {
    platform.held = [offered()];
    platform.validations = { c2: { status: "INVALID", message: "AccessDenied: sts:AssumeRole" } };
    await expect(proveRole(request, offer, context())).rejects.toThrow(
      new Error(`Seqera Platform cannot assume the role ${roleArn}.
  got:     INVALID: AccessDenied: sts:AssumeRole
  allowed: AVAILABLE
  mend:    pulumi up; or give AWS longer: pulumi config set AWSMegatests:keyProbeSeconds 300; if somebody has changed or deleted the role: pulumi refresh --run-program --yes, then: pulumi up`),
    );
  });

  it.each<[string, PlatformCredentials[], string]>([
    ["gone", [someCredentials()], "none of that id, by another external id"],
    [
      "for another role",
      [offered({ keys: { ...roleKeys, assumeRoleArn: "arn:other" } })],
      "tower-Seqera (c2)",
    ],
    [
      "made anew meanwhile",
      [offered({ keys: { ...roleKeys, externalId: "ext-2" } })],
      "tower-Seqera (c2), by another external id",
    ],
  ])("does not prove others: the credentials are %s", async (_, held, got) => {
    platform.held = held;
    await expect(proveRole(request, offer, context())).rejects.toThrow(
      new Error(`The credentials on Seqera Platform are not those that the role trusts.
  got:     ${got}
  allowed: tower-Seqera (c2) with ${roleArn}
  mend:    pulumi up, which looks at them first`),
    );
  });

  it("has what works by the credentials tried too, and takes over what was retired with a key", async () => {
    platform.held = [offered(), someCredentials()];
    platform.envs = [
      someComputeEnv({ credentialsId: "c2" }),
      someComputeEnv({ id: "e2", name: "gpu" }),
      someComputeEnv({ id: "4DC7kLm9aaaa", name: "cpu-retired-4DC7kLm9", status: "DISABLED" }),
    ];
    platform.runs = [{ id: "r1", name: "crazy_hopper", computeEnvId: "4DC7kLm9aaaa" }];
    expect(await proveRole(request, offer, context())).toMatchObject({
      validated: 1,
      retired: { "cpu-retired-4DC7kLm9": { because: "runs are active on it: crazy_hopper" } },
    });
    expect(platform.commands).toEqual(['edit 4DC7kLm9aaaa {"credentialsId":"c2"}']);
  });
});
