import { describe, expect, it } from "vitest";
import { credentialsBody, KEY, startWorld } from "./world-for-tests.ts";

describe("the way `tw` finds its workspace", () => {
  it("leads from service-info over the user to the workspace", async () => {
    const { call, seed, platform } = await startWorld();
    const open = await fetch(`${platform.url}/api/service-info`);
    expect(await open.json()).toMatchObject({ serviceInfo: { apiVersion: "1.198.0" } });
    await call("GET", "/service-info");
    const { user } = (await call("GET", "/user-info")).body;
    expect(user).toMatchObject(seed.platformUser);
    const { orgsAndWorkspaces } = (await call("GET", `/user/${user.id}/workspaces`)).body;
    expect(orgsAndWorkspaces).toContainEqual(
      expect.objectContaining({
        orgName: "nf-core",
        workspaceName: "AWSmegatests",
        workspaceId: seed.workspaceId,
      }),
    );
    expect((await call("GET", `/orgs/${seed.organizationId}/workspaces`)).body.workspaces).toHaveLength(1);
    expect((await call("GET", `/orgs/${seed.organizationId}/workspaces/${seed.workspaceId}`)).status).toBe(
      200,
    );
    expect((await call("GET", "/orgs")).body.organizations).toMatchObject([{ name: "nf-core" }]);
    expect((await call("GET", "/orgs/1/workspaces")).status).toBe(403);
    expect((await call("GET", "/user/1/workspaces")).status).toBe(403);
  });

  it("names one platform and its regions", async () => {
    const { call } = await startWorld();
    expect((await call("GET", "/platforms")).body.platforms).toMatchObject([{ id: "aws-batch" }]);
    const { regions } = (await call("GET", "/platforms/aws-batch/regions")).body;
    expect(regions).toContainEqual({ id: "eu-west-1", name: "eu-west-1" });
    expect((await call("GET", "/platforms/slurm-platform/regions")).status).toBe(400);
  });
});

describe("who may ask", () => {
  it("is only who has the token, and only in the workspace", async () => {
    const { call, platform, seed } = await startWorld();
    expect((await call("GET", "/user-info", undefined, "wrong")).status).toBe(401);
    expect((await call("GET", "/user-info", undefined, "")).status).toBe(401);
    const headers = { authorization: `Bearer ${seed.platformToken}` };
    const foreign = await fetch(`${platform.url}/api/credentials?workspaceId=999`, { headers });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toEqual({ message: "Workspace '999' not found" });
    const nonsense = await fetch(`${platform.url}/api/credentials?workspaceId=abc`, { headers });
    expect(nonsense.status).toBe(400);
  });

  it("is limited to 20 calls in a second", async () => {
    const { call } = await startWorld({ callsPerSecond: 20 });
    const answers = await Promise.all(Array.from({ length: 25 }, () => call("GET", "/user-info")));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(20);
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
  });

  it("sends JSON, of whose faults no value is quoted", async () => {
    const { platform, seed } = await startWorld();
    const headers = {
      authorization: `Bearer ${seed.platformToken}`,
      "content-type": "application/json",
    };
    const response = await fetch(`${platform.url}/api/credentials`, {
      method: "POST",
      headers,
      body: "{hush",
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: "The request's body is not valid JSON" });
  });
});

describe("labels", () => {
  it("are found again by name and value, and listed in pages of at most 100", async () => {
    const { call } = await startWorld();
    const first = (await call("POST", "/labels", { name: "plain" })).body;
    expect((await call("POST", "/labels", { name: "plain" })).body).toEqual(first);
    await call("POST", "/labels", { name: "team", value: "core", resource: true });
    expect((await call("GET", "/labels?search=team&type=resource&max=100")).body).toMatchObject({
      labels: [{ name: "team", value: "core", resource: true }],
      totalSize: 1,
    });
    expect((await call("GET", "/labels?max=1&offset=1")).body).toMatchObject({
      labels: [{ name: "team" }],
      totalSize: 2,
    });
    expect((await call("GET", "/labels?max=101")).status).toBe(400);
    expect((await call("POST", "/labels", { name: "half", resource: true })).status).toBe(400);
  });
});

describe("runs", () => {
  it("show which environment they are on", async () => {
    const { call, addCredentials, addComputeEnv, platform } = await startWorld();
    const env = await addComputeEnv("cpu", await addCredentials(KEY.first));
    const ended = platform.seedRun(env, "FAILED", "sad_darwin");
    const active = platform.seedRun(env, "RUNNING", "happy_darwin");
    const { body } = await call("GET", "/workflow?search=status:running&max=100");
    expect(body.workflows.map((entry: { workflow: { id: string } }) => entry.workflow.id)).toEqual([active]);
    expect((await call("GET", "/workflow?search=darwin&max=1")).body).toMatchObject({
      totalSize: 2,
      hasMore: true,
    });
    expect((await call("GET", `/workflow/${ended}`)).body.workflow).toMatchObject({ status: "FAILED" });
    const { launch } = (await call("GET", `/workflow/${active}/launch`)).body;
    expect(launch.computeEnv).toMatchObject({ id: env, name: "cpu" });
    expect((await call("GET", "/workflow/nowhere")).status).toBe(403);
  });
});

describe("a restart", () => {
  it("goes on where the snapshot was taken, also with an environment that was being created", async () => {
    const before = await startWorld({ creationMilliseconds: 60_000 });
    const credentialsId = await before.addCredentials(KEY.first);
    const id = await before.addComputeEnv("cpu", credentialsId);
    const saved: unknown = JSON.parse(JSON.stringify(await before.platform.snapshot()));
    await before.platform.close();

    const { until, platform } = await startWorld({ saved, seed: before.seed });
    expect(platform.heldKeys()).toMatchObject([{ accessKeyId: KEY.first, credentialsId }]);
    expect((await until(id, "AVAILABLE")).name).toBe("cpu");
  });
});

describe("what people do by hand", () => {
  it("shows in the API", async () => {
    const { call, addCredentials, addComputeEnv, platform } = await startWorld();
    const credentialsId = await addCredentials(KEY.first);
    const id = await addComputeEnv("cpu", credentialsId);
    platform.rename("computeEnv", "cpu", "renamed");
    expect(platform.computeEnvs()).toMatchObject([{ id, name: "renamed" }]);
    platform.rename("credentials", "tower-awstest", "mine");
    expect((await call("GET", `/credentials/${credentialsId}`)).body.credentials.name).toBe("mine");
    platform.removeComputeEnv("renamed");
    expect((await call("GET", "/compute-envs")).body.computeEnvs).toEqual([]);
    platform.removeCredentials("mine");
    expect(platform.heldKeys()).toEqual([]);
    expect(() => platform.removeCredentials("mine")).toThrow("has no credentials named 'mine'");
  });
});

describe("faults", () => {
  it("reach the Platform in its own shape: a call can be handled and yet not answered", async () => {
    const { call, faults, platform } = await startWorld();
    faults.add({ service: "platform", path: "^/api/credentials$", kind: "status", status: 503 });
    const credentials = credentialsBody(KEY.first);
    const headers = { "content-type": "application/json" };
    const refused = await fetch(`${platform.url}/api/credentials`, { method: "POST", headers });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({ message: "Fault injected by the sandbox: HTTP 503" });
    faults.add({ service: "platform", method: "POST", kind: "drop-after" });
    await expect(call("POST", "/credentials", credentials)).rejects.toThrow("fetch failed");
    expect(platform.heldKeys()).toHaveLength(1);
  });
});
