import { describe, expect, it } from "vitest";
import { computeEnvBody, credentialsBody, forgeBody, KEY, startWorld } from "./world-for-tests.ts";

/** A world with one available environment. */
async function startWithEnv(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld(options);
  const credentialsId = await world.addCredentials(KEY.first);
  const id = await world.addComputeEnv("cpu", credentialsId);
  await world.until(id, "AVAILABLE");
  return { ...world, credentialsId, id };
}

describe("creating a compute environment", () => {
  it("goes from CREATING to AVAILABLE when the key may use Batch", async () => {
    const { call, addCredentials, addComputeEnv, until, seed, aws } = await startWorld();
    const credentialsId = await addCredentials(KEY.first);
    const id = await addComputeEnv("cpu", credentialsId);
    expect((await call("GET", `/compute-envs/${id}`)).body.computeEnv.status).toBe("CREATING");
    const env = await until(id, "AVAILABLE");
    expect(aws.asked).toEqual(["sts", "batch"]);
    expect(env).toMatchObject({
      id,
      name: "cpu",
      credentialsId,
      platform: "aws-batch",
      orgId: seed.organizationId,
    });
    expect(env.config).toEqual({ ...computeEnvBody("cpu", credentialsId).computeEnv.config, volumes: [] });
    expect((await call("GET", "/compute-envs")).body.computeEnvs).toMatchObject([
      {
        id,
        name: "cpu",
        status: "AVAILABLE",
        region: "eu-west-1",
        workDir: "s3://nf-core-awsmegatests",
        labels: null,
      },
    ]);
    expect((await call("GET", "/compute-envs?status=ERRORED")).body.computeEnvs).toEqual([]);
  });

  it("ends ERRORED with AWS's words when the key may not use Batch", async () => {
    const { addCredentials, addComputeEnv, until, aws } = await startWorld();
    aws.keys.set(KEY.first, "no-batch");
    const env = await until(await addComputeEnv("cpu", await addCredentials(KEY.first)), "ERRORED");
    expect(env.message).toBe("AccessDeniedException: not authorized to perform: batch:Describe");
  });

  it("asks AWS three times before it ends ERRORED for want of an answer", async () => {
    const { addCredentials, addComputeEnv, until, aws } = await startWorld();
    aws.keys.set(KEY.first, "down");
    const env = await until(await addComputeEnv("cpu", await addCredentials(KEY.first)), "ERRORED");
    expect(env.message).toMatch(/^ServiceUnavailable/);
    expect(aws.asked).toEqual(["sts", "batch", "batch", "batch"]);
  });

  it("follows the plan for its name: its own time, and an end in ERRORED", async () => {
    const { addCredentials, addComputeEnv, until, platform } = await startWorld({
      creationMilliseconds: 60_000,
    });
    platform.planComputeEnv("gpu", { creationMilliseconds: 1, erroredReason: "No capacity in any zone" });
    const env = await until(await addComputeEnv("gpu", await addCredentials(KEY.first)), "ERRORED");
    expect(env.message).toBe("No capacity in any zone");
  });

  it("refuses a name that is taken with 409 and its text", async () => {
    const { call, credentialsId } = await startWithEnv();
    expect(await call("POST", "/compute-envs", computeEnvBody("cpu", credentialsId))).toMatchObject({
      status: 409,
      body: { message: "A compute environment named 'cpu' already exists in this workspace" },
    });
    expect((await call("GET", "/compute-envs/validate?name=cpu")).status).toBe(409);
    expect((await call("GET", "/compute-envs/validate?name=gpu")).status).toBe(204);
  });

  it.each([
    ["name", { name: undefined }, /computeEnv\.name/],
    ["platform", { platform: "ibm-batch" }, /unknown value 'ibm-batch'/],
    ["config", { config: undefined }, /computeEnv\.config/],
  ])("refuses a wrong %s with 400, as the document does", async (_what, change, message) => {
    const { call, credentialsId } = await startWithEnv();
    const body = { computeEnv: { ...computeEnvBody("gpu", credentialsId).computeEnv, ...change } };
    const refused = await call("POST", "/compute-envs", body);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toMatch(message);
  });

  it("refuses Fusion without Wave, an unknown label and unknown credentials", async () => {
    const { call, credentialsId } = await startWithEnv();
    const noWave = computeEnvBody("gpu", credentialsId);
    noWave.computeEnv.config.waveEnabled = false;
    expect((await call("POST", "/compute-envs", noWave)).body.message).toMatch(/requires Wave/);
    const labelled = { ...computeEnvBody("gpu", credentialsId), labelIds: [77] };
    expect((await call("POST", "/compute-envs", labelled)).body.message).toBe("Unknown label id 77");
    expect((await call("POST", "/compute-envs", computeEnvBody("gpu", "nowhere"))).status).toBe(403);
  });
});

describe("a refused key", () => {
  it("makes dependent environments INVALID, which only their own validation heals", async () => {
    const { call, credentialsId, id, aws, until } = await startWithEnv();
    aws.keys.set(KEY.first, "unknown");
    await call("POST", `/credentials/${credentialsId}/validate`);
    expect((await until(id, "INVALID")).message).toMatch(/InvalidClientTokenId/);

    const rotated = credentialsBody(KEY.second, "tower-awstest", credentialsId);
    await call("PUT", `/credentials/${credentialsId}`, rotated);
    expect((await call("GET", `/credentials/${credentialsId}`)).body.credentials.status).toBe("AVAILABLE");
    expect((await call("GET", `/compute-envs/${id}`)).body.computeEnv.status).toBe("INVALID");

    const { body } = await call("POST", `/compute-envs/${id}/validate`);
    expect(body).toEqual({ status: "AVAILABLE", message: null, transientError: false });
    expect((await call("GET", `/compute-envs/${id}`)).body.computeEnv).not.toHaveProperty("message");
  });

  it("does not touch environments of other credentials", async () => {
    const { call, addCredentials, addComputeEnv, until, aws, id } = await startWithEnv();
    const other = await addComputeEnv("gpu", await addCredentials(KEY.second, "other"));
    await until(other, "AVAILABLE");
    aws.keys.set(KEY.first, "unknown");
    await call("POST", `/compute-envs/${id}/validate`);
    await until(id, "INVALID");
    expect((await call("GET", `/compute-envs/${other}`)).body.computeEnv.status).toBe("AVAILABLE");
  });
});

describe("validating a compute environment", () => {
  it.each([
    ["no-batch", /AccessDeniedException/],
    ["no-bucket", /AccessDenied: Access Denied/],
  ] as const)("finds %s", async (state, message) => {
    const { call, aws, id } = await startWithEnv();
    aws.keys.set(KEY.first, state);
    const { body } = await call("POST", `/compute-envs/${id}/validate`);
    expect(body).toMatchObject({ status: "INVALID", transientError: false });
    expect(body.message).toMatch(message);
  });

  it("changes nothing when AWS is down, and is refused while CREATING or for an unknown id", async () => {
    const { call, aws, id, platform, addComputeEnv, credentialsId } = await startWithEnv();
    aws.keys.set(KEY.first, "down");
    expect((await call("POST", `/compute-envs/${id}/validate`)).body).toMatchObject({
      status: "AVAILABLE",
      transientError: true,
    });
    platform.planComputeEnv("slow", { creationMilliseconds: 60_000 });
    const slow = await addComputeEnv("slow", credentialsId);
    expect((await call("POST", `/compute-envs/${slow}/validate`)).status).toBe(400);
    expect((await call("POST", "/compute-envs/nowhere/validate")).status).toBe(404);
  });

  it("is forced only when INVALID with AVAILABLE credentials", async () => {
    const { call, aws, id, credentialsId } = await startWithEnv();
    expect((await call("POST", `/compute-envs/${id}/validate?force=true`)).status).toBe(409);
    aws.keys.set(KEY.first, "unknown");
    await call("POST", `/compute-envs/${id}/validate`);
    expect((await call("POST", `/compute-envs/${id}/validate?force=true`)).status).toBe(409);
    await call("POST", `/credentials/${credentialsId}/validate?force=true`);
    expect((await call("POST", `/compute-envs/${id}/validate?force=true`)).body.status).toBe("AVAILABLE");
  });
});

describe("deleting a compute environment", () => {
  it("is asynchronous: DELETING, then gone from lists, described as DELETED, at last unknown", async () => {
    const { call, id, until } = await startWithEnv({ deletionMilliseconds: 50, deletedMilliseconds: 200 });
    expect((await call("DELETE", `/compute-envs/${id}`)).status).toBe(204);
    expect((await call("GET", "/compute-envs")).body.computeEnvs).toMatchObject([{ id, status: "DELETING" }]);
    expect((await call("DELETE", `/compute-envs/${id}`)).status).toBe(409);
    expect((await until(id, "DELETED")).deleted).toBe(true);
    expect((await call("GET", "/compute-envs")).body.computeEnvs).toEqual([]);
    await expect.poll(async () => (await call("GET", `/compute-envs/${id}`)).status).toBe(403);
    expect((await call("DELETE", `/compute-envs/${id}`)).status).toBe(403);
  });

  it("that Forge is to dispose of ends ERRORED when its credentials are gone, and then can be forced", async () => {
    const { call, addCredentials, platform, until } = await startWorld();
    const credentialsId = await addCredentials(KEY.first);
    platform.planComputeEnv("cpu", { creationMilliseconds: 60_000 });
    const id = (await call("POST", "/compute-envs", forgeBody("cpu", credentialsId))).body.computeEnvId;
    expect((await call("DELETE", `/compute-envs/${id}?force=true`)).status).toBe(400);
    await call("DELETE", `/credentials/${credentialsId}?checked=false`);
    await call("DELETE", `/compute-envs/${id}`);
    expect((await until(id, "ERRORED")).message).toBe(
      `Deletion failed: Credentials '${credentialsId}' not found`,
    );
    expect((await call("DELETE", `/compute-envs/${id}?force=true`)).status).toBe(204);
    await until(id, "DELETED");
  });

  it("is refused while a run is active on it", async () => {
    const { call, id, platform } = await startWithEnv();
    const run = platform.seedRun(id, "SUBMITTED");
    expect(await call("DELETE", `/compute-envs/${id}`)).toMatchObject({
      status: 409,
      body: { message: "Compute environment 'cpu' has 1 active run(s)" },
    });
    platform.setRunStatus(run, "SUCCEEDED");
    expect((await call("DELETE", `/compute-envs/${id}`)).status).toBe(204);
  });
});

describe("changing a compute environment", () => {
  it("changes name and description only", async () => {
    const { call, id } = await startWithEnv();
    const update = { name: "cpu_new", description: "for tests" };
    expect((await call("PUT", `/compute-envs/${id}`, update)).status).toBe(204);
    expect((await call("GET", `/compute-envs/${id}`)).body.computeEnv).toMatchObject({ id, ...update });
  });

  it("has one primary, which disabling takes away", async () => {
    const { call, id, addComputeEnv, credentialsId } = await startWithEnv();
    await addComputeEnv("gpu", credentialsId);
    await call("POST", `/compute-envs/${id}/primary`);
    const primaries = async () =>
      (await call("GET", "/compute-envs")).body.computeEnvs.map((env: { primary: boolean }) => env.primary);
    expect(await primaries()).toEqual([true, false]);
    expect((await call("POST", `/compute-envs/${id}/enable`)).status).toBe(400);
    expect((await call("POST", `/compute-envs/${id}/disable`)).status).toBe(204);
    expect(await primaries()).toEqual([false, false]);
    expect((await call("GET", `/compute-envs/${id}`)).body.computeEnv.status).toBe("DISABLED");
    expect((await call("POST", `/compute-envs/${id}/enable`)).status).toBe(204);
  });

  it("shows labels only when asked", async () => {
    const { call, credentialsId } = await startWithEnv();
    const label = (await call("POST", "/labels", { name: "team", value: "core", resource: true })).body;
    const body = { ...computeEnvBody("gpu", credentialsId), labelIds: [label.id] };
    const { computeEnvId } = (await call("POST", "/compute-envs", body)).body;
    const path = `/compute-envs/${computeEnvId}`;
    expect((await call("GET", `${path}?attributes=labels`)).body.computeEnv.labels).toEqual([label]);
    expect((await call("GET", path)).body.computeEnv).not.toHaveProperty("labels");
    const listed = (await call("GET", "/compute-envs?attributes=labels,resources")).body.computeEnvs;
    expect(listed.map((env: { labels: unknown }) => env.labels)).toEqual([[], [label]]);
  });
});
