import { beforeEach, describe, expect, it } from "vitest";
import type { FaultRule } from "../../sandbox/services/faults.ts";
import type { PlatformOptions } from "../../sandbox/services/platform/index.ts";
import { KEY, startWorld, type World } from "../../sandbox/services/platform/world-for-tests.ts";
import { workspaceById } from "../../seqerakit/index.ts";
import { trustDocument } from "../../towerforge/policies/index.ts";
import { manifestsOf } from "../stack/environments.ts";
import type { StackConfig } from "../../config.ts";
import { holdingRows } from "./holdings.ts";
import { platformRows, type PlatformAround } from "./platform.ts";
import { surroundingsHere } from "./surroundings.ts";
import { around, deadUrl, EMPTY_STATE, given, textsOf } from "./rows-for-tests.ts";

const LATER = "mend: try again later: npm run --silent megatests -- doctor";
const REACH =
  "mend: look whether it can be reached from here, or: pulumi config set AWSMegatests:platformEndpoint URL";
const NOT = "not applicable: not checked: ";
const settings = {
  ...{ organization: "nf-core", workspace: "AWSmegatests", credentialsName: "tower-awstest" },
  ...{ credentialMode: "key", roleName: "Seqera" },
  ...{ region: "eu-west-1", bucket: "nf-core-awsmegatests", seqeraItem: "Seqera Platform" },
  computeEnvironments: ["seqerakit/compute-envs/cpu.yml"],
} as StackConfig;
const name = manifestsOf(settings)[0]!.spec.name;
const deployed = { ...EMPTY_STATE, computeEnvironments: [{ key: "cpu", id: "e1", replaced: false }] };
let world: World;

/** A workspace as a good deployment leaves it. */
async function begin(options: Partial<PlatformOptions> = {}): Promise<string> {
  world = await startWorld(options);
  const credentialsId = await world.addCredentials(KEY.first);
  const id = await world.addComputeEnv(name, credentialsId);
  await world.until(id, "AVAILABLE");
  return id;
}

async function rows(changes: Partial<StackConfig> = {}, some: Partial<PlatformAround> = {}) {
  const { seed, platform } = world;
  return textsOf((checkup) =>
    platformRows(checkup, {
      ...around({ milliseconds: 3000 }),
      config: given({ ...settings, platformEndpoint: `${platform.url}/api`, ...changes }),
      ...{ token: given(seed.platformToken), workspaceId: given(String(seed.workspaceId)) },
      ...{ state: given(deployed), keyIds: () => Promise.resolve([KEY.first]) },
      ...{ roleArn: () => Promise.resolve(undefined), trust: () => Promise.resolve(undefined), ...some },
    }),
  );
}

describe("Seqera Platform", () => {
  it("is well, with runs under way and before the first deployment, too", async () => {
    const id = await begin();
    expect(await rows()).toEqual({
      "Platform API": `pass: 1.198.0 (${world.platform.url}/api)`,
      "Platform token": "pass: nf-core-bot's",
      Workspace: `pass: nf-core/AWSmegatests (${world.seed.workspaceId})`,
      "Workspace role": "pass: nf-core-bot has the role owner",
      "Platform credentials": "pass: as the last deployment left them",
      "Compute environments": "pass: all 1 AVAILABLE",
      "Replaced environments": "pass: none is left",
    });
    world.platform.seedRun(id);
    expect((await rows())["Compute environments"]).toBe(
      "pass: all 1 AVAILABLE; 1 active runs, which destroy waits for",
    );
    expect(await rows({}, { state: given(EMPTY_STATE) })).toMatchObject({
      "Platform credentials": "pass: nothing was deployed yet",
      "Compute environments": "pass: none yet: the deployment makes them",
    });
  });

  it("is not there", async () => {
    await begin();
    const dead = await deadUrl();
    const texts = await rows({ platformEndpoint: `${dead}/api` });
    expect(texts["Platform API"])
      .toBe(`fail: Seqera Platform (${dead}/api) does not answer: connect ECONNREFUSED ${dead.slice(7)}
${REACH}`);
    for (const row of ["Platform token", "Workspace", "Platform credentials", "Replaced environments"])
      expect(texts[row]).toBe(`${NOT}Platform API fails`);
  });

  it("is another service", async () => {
    await begin();
    const endpoint = `${world.platform.url}/other`;
    expect((await rows({ platformEndpoint: endpoint }))["Platform API"])
      .toBe(`fail: Seqera Platform (${endpoint}) has no such API: Request failed with status code 404 Not Found: GET ${endpoint}/service-info
${REACH}`);
  });

  it("is silent, limits calls or is out of order: the token is not to blame", async () => {
    await begin();
    const endpoint = `${world.platform.url}/api`;
    const { milliseconds } = surroundingsHere();
    const when = async (rule: Omit<FaultRule, "service">) => {
      world.faults.clear();
      world.faults.add({ service: "platform", times: 9, ...rule });
      return rows({}, { milliseconds });
    };
    const begun = Date.now();
    expect((await when({ kind: "hang", path: "/service-info$" }))["Platform API"])
      .toBe(`fail: Seqera Platform (${endpoint}) does not answer: nothing for 4 seconds
${REACH}`);
    expect(Date.now() - begun).toBeLessThan(surroundingsHere().rowMilliseconds);
    expect((await when({ kind: "status", status: 503, path: "/user-info$" }))["Platform token"])
      .toBe(`fail: Seqera Platform (${endpoint}) does not answer: 503
${LATER}`);
    expect((await when({ kind: "status", status: 429, path: "/user-info$" }))["Platform token"])
      .toBe(`fail: Seqera Platform (${endpoint}) limits calls: 429
${LATER}`);
    world.faults.clear();
  });

  it("is too old", async () => {
    await begin({ apiVersion: "1.120.0" });
    expect((await rows())["Platform API"])
      .toBe(`fail: 1.120.0 (${world.platform.url}/api); 1.198.0 or later is needed
mend: have the Platform upgraded`);
  });

  it("refuses the token", async () => {
    await begin();
    const texts = await rows({}, { token: given("eyJ.of-yesterday") });
    expect(texts["Platform token"]).toBe(`fail: the Platform refuses it: 401
mend: put a token that is valid into the 1Password item Seqera Platform`);
    expect(texts.Workspace).toBe(`${NOT}Platform token fails`);
  });

  it("has no such workspace for the token, or another one than 1Password says", async () => {
    await begin();
    expect((await rows({ workspace: "megatests" })).Workspace)
      .toBe(`fail: the token sees no nf-core/megatests, only nf-core/AWSmegatests
mend: pulumi config set AWSMegatests:workspace NAME, or a token of a member`);
    expect((await rows({}, { workspaceId: given("42") })).Workspace)
      .toBe(`fail: nf-core/AWSmegatests is ${world.seed.workspaceId}, 1Password has 42
mend: correct the item's field in 1Password, or: pulumi config set AWSMegatests:workspace NAME`);
  });

  it("gives the token too small a role", async () => {
    await begin({ role: "launch" });
    expect((await rows())["Workspace role"])
      .toBe(`fail: nf-core-bot has the role launch: 403 in a seqerakit or tw step
mend: give it Maintain or Admin, or put a token of such a member into the 1Password item Seqera Platform`);
  });

  it("does not tell the role", async () => {
    await begin({ role: "" });
    expect((await rows())["Workspace role"]).toBe("not applicable: the Platform does not tell the role");
  });

  describe("in the workspace", () => {
    let id: string;
    beforeEach(async () => {
      id = await begin();
    });

    it("has credentials with another key, or none", async () => {
      const another = await rows({}, { keyIds: () => Promise.resolve(["AKIANEW"]) });
      expect(another["Platform credentials"]).toBe(
        `fail: the credentials tower-awstest hold ${KEY.first}, which is not the user's\nmend: pulumi up`,
      );
      world.platform.rename("credentials", "tower-awstest", "mine");
      const none = await rows();
      expect(none["Platform credentials"]).toBe(
        "fail: there are no credentials tower-awstest\nmend: pulumi up",
      );
      expect(none["Compute environments"]).toBe(
        `fail: the compute environment ${name} works by other credentials\nmend: pulumi up`,
      );
    });

    it("has credentials that AWS refuses", async () => {
      const { credentialsId } = world.platform.heldKeys()[0]!;
      world.aws.keys.set(KEY.first, "unknown");
      await world.call("POST", `/credentials/${credentialsId}/validate`);
      expect(await rows()).toMatchObject({
        "Platform credentials": "fail: the credentials tower-awstest are INVALID\nmend: pulumi up",
        "Compute environments": `fail: the compute environment ${name} is INVALID: Credentials 'tower-awstest' are invalid: InvalidClientTokenId: The security token included in the request is invalid.\nmend: pulumi up`,
      });
    });

    it("has lost a compute environment", async () => {
      world.platform.removeComputeEnv(name);
      expect((await rows())["Compute environments"]).toBe(
        `fail: there is no compute environment ${name}\nmend: pulumi up`,
      );
    });

    it("has a compute environment that AWS did not let be made", async () => {
      world.platform.removeComputeEnv(name);
      world.platform.planComputeEnv(name, {
        erroredReason: "not authorized to perform batch:CreateJobQueue",
      });
      const { credentialsId } = world.platform.heldKeys()[0]!;
      await world.until(await world.addComputeEnv(name, credentialsId), "ERRORED");
      expect((await rows())["Compute environments"]).toBe(
        `fail: the compute environment ${name} is ERRORED: not authorized to perform batch:CreateJobQueue\nmend: pulumi up`,
      );
    });

    it("has a compute environment that was replaced and is still there", async () => {
      const retired = `${name}-retired-${id.slice(0, 8)}`;
      world.platform.rename("computeEnv", name, retired);
      world.platform.seedRun(id);
      expect((await rows())["Replaced environments"]).toBe(
        `fail: ${retired} is still there, with 1 active runs\nmend: nothing, once its runs have ended: the next pulumi up deletes it`,
      );
    });
  });
});

describe("Seqera Platform by a role", () => {
  const roleArn = "arn:aws:iam::123456789012:role/Seqera";
  const seqeraPrincipal = "arn:aws:iam::161471496260:role/SeqeraPlatformCloudAccessRole";
  const byRole = {
    ...{ credentialMode: "role" as const, roleName: "Seqera", seqeraPrincipal },
    computeEnvironments: settings.computeEnvironments,
  };
  const REFRESH = "mend: pulumi refresh --run-program --yes && pulumi up";

  /** Credentials that name this role. @returns their external id */
  async function start(assumeRoleArn: string): Promise<string> {
    world = await startWorld();
    const keys = { discriminator: "aws", mode: "role", assumeRoleArn };
    const credentials = { name: "tower-awstest-Seqera", provider: "aws", keys };
    const { body } = await world.call("POST", "/credentials?useExternalId=true", { credentials });
    await world.addComputeEnv(name, body.credentialsId);
    const shown = await world.call("GET", `/credentials/${body.credentialsId}`);
    return shown.body.credentials.keys.externalId!;
  }

  it("has no credentials for it, or those of another role, or AWS refuses", async () => {
    await begin();
    const texts = async () =>
      (await rows(byRole, { roleArn: () => Promise.resolve(roleArn) }))["Platform credentials"];
    expect(await texts()).toBe("fail: there are no credentials tower-awstest-Seqera\nmend: pulumi up");
    await start(`${roleArn}2`);
    expect(await texts()).toBe(
      `fail: the credentials tower-awstest-Seqera assume ${roleArn}2, not ${roleArn}\nmend: pulumi up`,
    );
    // The imitated Platform has no principal here that could assume it.
    await start(roleArn);
    expect(await texts()).toBe("fail: the credentials tower-awstest-Seqera are INVALID\nmend: pulumi up");
  });

  it("is trusted, or not any more, before it has noticed", async () => {
    const externalId = await start(roleArn);
    const { seed, platform } = world;
    const config = { ...settings, ...byRole, platformEndpoint: `${platform.url}/api` };
    const address = {
      endpoint: config.platformEndpoint,
      ...{ organization: "nf-core", workspace: "AWSmegatests" },
    };
    const real = workspaceById({ ...address, callSeconds: 3 }, seed.platformToken, seed.workspaceId);
    // As after a good deployment: what it was told last.
    const credentials = async () =>
      (await real.credentials()).map((each) => ({ ...each, status: "AVAILABLE" }));
    const text = async (trust: unknown) => {
      const texts = await textsOf((checkup) =>
        holdingRows(checkup, {
          ...{ config: given(config), state: given(deployed), milliseconds: 3000 },
          workspace: given({ ...real, credentials }),
          ...{ keyIds: () => Promise.resolve([]), roleArn: () => Promise.resolve(roleArn) },
          trust: () => Promise.resolve(trust),
        }),
      );
      return texts["Platform credentials"];
    };
    expect(await text(trustDocument({ seqeraPrincipal, externalId }))).toBe(
      "pass: as the last deployment left them",
    );
    expect(await text(trustDocument({ seqeraPrincipal, externalId: "of-another" }))).toBe(
      `fail: Seqera Platform cannot assume the role Seqera: it does not trust the Platform as it must\n${REFRESH}`,
    );
    expect(await text(undefined)).toBe(
      `fail: Seqera Platform cannot assume the role Seqera: AWS has no such role\n${REFRESH}`,
    );
  });
});
