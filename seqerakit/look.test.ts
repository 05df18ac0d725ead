import { describe, expect, it } from "vitest";
import { someComputeEnv, someCredentials } from "../test/fake-platform.ts";
import { whatDiffers } from "./look.ts";

const args = { credentialsName: "tower", roleName: "Seqera", roleArn: undefined, keyIds: ["AKIA1"] };
const cpu = someComputeEnv();
const retired = someComputeEnv({ id: "4DC7kLm9aaaa", name: "cpu-retired-4DC7kLm9", status: "DISABLED" });
type Credentials = Parameters<typeof whatDiffers>[2];

describe("a look at the Platform", () => {
  it.each<[string, Credentials, Parameters<typeof whatDiffers>[3]]>([
    ["all is as it was left", [someCredentials()], [cpu]],
    ["a successor still carries its addition", [someCredentials()], [{ ...cpu, name: "cpu-0a1b2c3d" }]],
    [
      "others' are not well",
      [someCredentials()],
      [cpu, { ...cpu, id: "e9", name: "mine", status: "INVALID" }],
    ],
  ])("finds nothing to do where %s", (_, credentials, envs) => {
    expect(whatDiffers(args, { cpu: "cpu" }, credentials, envs)).toEqual({
      credentials: undefined,
      computeEnvs: {},
    });
  });

  it.each<[string, Credentials]>([
    ["there are no credentials tower", []],
    [
      "there are no credentials tower",
      [someCredentials({ name: "mine" }), someCredentials({ provider: "github" })],
    ],
    [
      "the credentials tower hold AKIA9, which is not the user's",
      [someCredentials({ keys: { accessKey: "AKIA9" } })],
    ],
    ["the credentials tower hold no access key, which is not the user's", [someCredentials({ keys: null })]],
    ["the credentials tower are INVALID", [someCredentials({ status: "INVALID" })]],
  ])("has the key handed over again: %s", (reason, credentials) => {
    expect(whatDiffers(args, {}, credentials, []).credentials).toBe(reason);
  });

  it.each<[string | undefined, Credentials]>([
    [undefined, [someCredentials({ name: "tower-Seqera", keys: { assumeRoleArn: "arn:role" } })]],
    ["there are no credentials tower-Seqera", [someCredentials()]],
    [
      "the credentials tower-Seqera assume arn:other, not arn:role",
      [someCredentials({ name: "tower-Seqera", keys: { assumeRoleArn: "arn:other" } })],
    ],
    [
      "the credentials tower-Seqera assume no role, not arn:role",
      [someCredentials({ name: "tower-Seqera" })],
    ],
    [
      "the credentials tower-Seqera are INVALID",
      [
        someCredentials({
          name: "tower-Seqera",
          status: "INVALID",
          keys: { assumeRoleArn: "arn:role" },
        }),
      ],
    ],
  ])("has the role tried again: %s", (reason, credentials) => {
    const byRole = { ...args, roleArn: "arn:role", keyIds: [] };
    expect(whatDiffers(byRole, {}, credentials, []).credentials).toBe(reason);
  });

  it("has replaced ones deleted that are the stack's", () => {
    const look = (envs: Parameters<typeof whatDiffers>[3]) =>
      whatDiffers(args, {}, [someCredentials()], envs);
    expect(look([retired]).credentials).toBe(
      "replaced compute environments are still there (cpu-retired-4DC7kLm9)",
    );
    expect(look([{ ...retired, credentialsId: "c9" }]).credentials).toBeUndefined();
  });

  it.each<[string, Parameters<typeof whatDiffers>[3]]>([
    ["there is no compute environment cpu", [retired, { ...cpu, name: "renamed" }]],
    ["the compute environment cpu is INVALID", [{ ...cpu, status: "INVALID" }]],
    ["the compute environment cpu is DISABLED", [{ ...cpu, status: "DISABLED" }]],
    ["the compute environment cpu works by other credentials", [{ ...cpu, credentialsId: "dead" }]],
  ])("has a compute environment seen to: %s", (reason, envs) => {
    expect(whatDiffers(args, { cpu: "cpu" }, [someCredentials()], envs).computeEnvs).toEqual({ cpu: reason });
  });
});
