import { describe, expect, it } from "vitest";
import { credentialsBody, KEY, startWorld } from "./world-for-tests.ts";

describe("credentials", () => {
  it("are created, listed and described without their secret", async () => {
    const { call, addCredentials } = await startWorld();
    const id = await addCredentials(KEY.first);
    expect(id).toMatch(/^\w{22}$/);
    const list = await call("GET", "/credentials?platformId=aws-batch");
    const described = await call("GET", `/credentials/${id}`);
    expect(list.body.credentials).toEqual([described.body.credentials]);
    expect(described.body.credentials).toMatchObject({
      id,
      name: "tower-awstest",
      provider: "aws",
      status: "AVAILABLE",
      keys: { discriminator: "aws", accessKey: KEY.first, mode: "keys" },
    });
    expect(JSON.stringify([list.body, described.body])).not.toContain("secret-of");
    expect((await call("GET", "/credentials?platformId=google-batch")).body.credentials).toEqual([]);
  });

  it("keep their id when updated in place, and the new key is held at once", async () => {
    const { call, addCredentials, platform } = await startWorld();
    const id = await addCredentials(KEY.first);
    const update = await call("PUT", `/credentials/${id}`, credentialsBody(KEY.second, "tower-awstest", id));
    expect(update).toMatchObject({ status: 204, body: undefined });
    const secretAccessKey = `secret-of-${KEY.second}`;
    expect(platform.heldKeys()).toEqual([
      { accessKeyId: KEY.second, secretAccessKey, credentialsId: id, name: "tower-awstest" },
    ]);
  });

  it("keep the held secret when an update of the same key sends none, and refuse another key without one", async () => {
    const { call, addCredentials, platform } = await startWorld();
    const id = await addCredentials(KEY.first);
    const renamed = credentialsBody(KEY.first, "renamed", id);
    Reflect.deleteProperty(renamed.credentials.keys, "secretKey");
    expect((await call("PUT", `/credentials/${id}`, renamed)).status).toBe(204);
    expect(platform.heldKeys()).toMatchObject([
      { secretAccessKey: `secret-of-${KEY.first}`, name: "renamed" },
    ]);
    renamed.credentials.keys.accessKey = KEY.second;
    expect(await call("PUT", `/credentials/${id}`, renamed)).toMatchObject({
      status: 400,
      body: { message: "Mode 'keys' needs accessKey and secretKey" },
    });
  });

  it("become INVALID with AWS's words when AWS refuses the key, and AVAILABLE again once it accepts", async () => {
    const { call, addCredentials, aws } = await startWorld();
    const id = await addCredentials("AKIAUNKNOWNUNKNOWN00");
    const shown = (await call("GET", `/credentials/${id}`)).body.credentials;
    expect(shown).toMatchObject({
      status: "INVALID",
      message: "InvalidClientTokenId: The security token included in the request is invalid.",
    });
    expect(shown.lastValidated).toBeDefined();
    aws.keys.set("AKIAUNKNOWNUNKNOWN00", "works");
    const validated = await call("POST", `/credentials/${id}/validate`);
    expect(validated.body).toEqual({ status: "AVAILABLE", message: null, transientError: false });
    expect((await call("GET", `/credentials/${id}`)).body.credentials).not.toHaveProperty("message");
  });

  it.each(["down", "throttled"] as const)("keep their status when AWS is %s", async (state) => {
    const { call, addCredentials, aws } = await startWorld();
    const id = await addCredentials(KEY.first);
    const before = (await call("GET", `/credentials/${id}`)).body.credentials;
    aws.keys.set(KEY.first, state);
    const { body } = await call("POST", `/credentials/${id}/validate`);
    expect(body).toMatchObject({ status: "AVAILABLE", transientError: true });
    expect(body.message).toMatch(/down|Rate exceeded/);
    expect((await call("GET", `/credentials/${id}`)).body.credentials).toEqual(before);
  });

  it("are transient too when AWS does not answer in time", async () => {
    const { call, addCredentials } = await startWorld({ aws: { endpoint: "http://127.0.0.1:9" } });
    const id = await addCredentials(KEY.first);
    expect((await call("POST", `/credentials/${id}/validate`)).body).toMatchObject({ transientError: true });
  });

  it("are not judged by a verdict on a key that was replaced while AWS was asked", async () => {
    const { call, addCredentials, aws } = await startWorld();
    const id = await addCredentials(KEY.first);
    aws.keys.set(KEY.first, "slowly-unknown");
    const late = call("POST", `/credentials/${id}/validate`);
    await expect.poll(() => aws.asked.length).toBe(2);
    await call("PUT", `/credentials/${id}`, credentialsBody(KEY.second, "tower-awstest", id));
    await late;
    expect((await call("GET", `/credentials/${id}`)).body.credentials.status).toBe("AVAILABLE");
  });

  it("are forced only when INVALID", async () => {
    const { call, addCredentials, aws } = await startWorld();
    const id = await addCredentials(KEY.first);
    expect((await call("POST", `/credentials/${id}/validate?force=true`)).status).toBe(409);
    aws.keys.set(KEY.first, "unknown");
    await call("POST", `/credentials/${id}/validate`);
    expect((await call("POST", `/credentials/${id}/validate?force=true`)).body.status).toBe("AVAILABLE");
  });

  it("block a checked deletion while a run needs them, and no other", async () => {
    const { call, addCredentials, addComputeEnv, until, platform } = await startWorld();
    const id = await addCredentials(KEY.first);
    const env = await addComputeEnv("cpu", id);
    await until(env, "AVAILABLE");
    const run = platform.seedRun(env);
    const refused = await call("DELETE", `/credentials/${id}?checked=true`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ credentialsId: id, conflicts: [{ id: run, type: "workflow" }] });
    expect((await call("DELETE", `/credentials/${id}?checked=false`)).status).toBe(204);
    expect((await call("GET", `/credentials/${id}`)).status).toBe(403);
    expect((await call("POST", `/credentials/${id}/validate`)).status).toBe(404);
  });

  it("may share a name, of which the check of the name warns", async () => {
    const { call, addCredentials } = await startWorld();
    expect((await call("GET", "/credentials/validate?name=tower-awstest")).status).toBe(204);
    expect(await addCredentials(KEY.first)).not.toBe(await addCredentials(KEY.first));
    expect((await call("GET", "/credentials/validate?name=tower-awstest")).status).toBe(409);
    expect((await call("GET", "/credentials/validate?name=two%20words")).status).toBe(400);
  });

  it("in role mode get an external id that stays, and without a principal of the Platform are rejected", async () => {
    const { call, addComputeEnv, platform } = await startWorld();
    const keys = {
      discriminator: "aws",
      mode: "role",
      assumeRoleArn: "arn:aws:iam::123456789012:role/Seqera",
    };
    const credentials = { name: "by-role", provider: "aws", keys };
    const { body } = await call("POST", "/credentials?useExternalId=true", { credentials });
    const path = `/credentials/${body.credentialsId}`;
    const { externalId } = (await call("GET", path)).body.credentials.keys;
    expect(externalId).toMatch(/^[0-9a-f-]{36}$/);
    await call("PUT", path, { credentials });
    const shown = (await call("GET", path)).body.credentials;
    expect(shown.keys.externalId).toBe(externalId);
    expect(shown).toMatchObject({
      status: "INVALID",
      message: "The Platform has no principal that may assume the role",
    });
    expect(platform.heldKeys()).toEqual([]);
    expect(platform.heldRoles()).toEqual([]);
    await addComputeEnv("cpu", body.credentialsId);
    expect(platform.heldRoles()).toMatchObject([
      { roleArn: keys.assumeRoleArn, credentialsId: body.credentialsId, name: "by-role" },
    ]);
    platform.removeComputeEnv("cpu");
    expect(platform.heldRoles()).toEqual([]);
  });

  it.each([
    ["no name", { credentials: { provider: "aws", keys: { discriminator: "aws" } } }],
    ["a name over 100", credentialsBody(KEY.first, "n".repeat(101))],
    ["an unknown provider", { credentials: { ...credentialsBody(KEY.first).credentials, provider: "ibm" } }],
    ["no body", undefined],
  ])("refuse %s with 400", async (_what, body) => {
    const { call, platform } = await startWorld();
    const refused = await call("POST", "/credentials", body);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toMatch(/^Invalid request body: credentials/);
    expect(refused.body.message).not.toContain("secret-of");
    expect(platform.heldKeys()).toEqual([]);
  });

  it("are probed by the Platform itself when it is told to", async () => {
    const { addCredentials, addComputeEnv, until, aws } = await startWorld({ probeEveryMilliseconds: 20 });
    const env = await addComputeEnv("cpu", await addCredentials(KEY.first));
    await until(env, "AVAILABLE");
    aws.keys.set(KEY.first, "unknown");
    expect((await until(env, "INVALID")).message).toMatch(
      /^Credentials 'tower-awstest' are invalid: Invalid/,
    );
  });
});
