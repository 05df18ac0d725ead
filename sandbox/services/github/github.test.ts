import sodium from "libsodium-wrappers";
import { describe, expect, it, onTestFinished } from "vitest";
import { FaultInjector } from "../faults.ts";
import { makeSeed, type Seed } from "../seed.ts";
import { startGithub } from "./index.ts";

/** A GitHub, and a client of its API with the organization's paths shortened. */
async function start(options: { saved?: unknown; seed?: Seed } = {}) {
  const seed = options.seed ?? makeSeed();
  const faults = new FaultInjector();
  const github = await startGithub({ ...options, faults, seed });
  onTestFinished(() => github.close());
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    authorization = `Bearer ${seed.githubToken}`,
  ) => {
    const full = path.startsWith("actions/") ? `/orgs/nf-core/${path}` : path;
    const init = { method, headers: { authorization, accept: "application/vnd.github+json" } };
    const json = {
      ...init,
      body: JSON.stringify(body),
      headers: { ...init.headers, "content-type": "application/json" },
    };
    const response = await fetch(`${github.url}/api/v3${full}`, body === undefined ? init : json);
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, body: text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>) };
  };
  const sealed = async (value: string) => {
    await sodium.ready;
    const { body } = await call("GET", "actions/secrets/public-key");
    const key = Uint8Array.from(Buffer.from(String(body?.key), "base64"));
    const box = sodium.crypto_box_seal(value, key);
    return { encrypted_value: Buffer.from(box).toString("base64"), key_id: body?.key_id, visibility: "all" };
  };
  return { github, seed, faults, call, sealed };
}

describe("who one is", () => {
  it("is what the provider asks first: the organization, by either spelling of the header", async () => {
    const { call, seed, github } = await start();
    const organization = await call("GET", "/orgs/nf-core", undefined, `token ${seed.githubToken}`);
    expect(organization.body).toMatchObject({
      login: "nf-core",
      id: 35520196,
      type: "Organization",
      url: `${github.url}/api/v3/orgs/nf-core`,
      plan: { name: "team" },
    });
    expect((await call("GET", "/")).headers.get("x-oauth-scopes")).toBe("admin:org, repo");
    expect((await call("GET", "/user")).body).toMatchObject({ login: "nf-core-bot" });
    expect((await call("GET", "/rate_limit")).body).toMatchObject({ rate: { limit: 5000 } });
  });

  it("is refused with a wrong token or another organization", async () => {
    const { call } = await start();
    expect(await call("GET", "/user", undefined, "Bearer wrong")).toMatchObject({
      status: 401,
      body: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" },
    });
    expect(await call("GET", "/orgs/other/actions/variables")).toMatchObject({
      status: 404,
      body: { message: "Not Found", status: "404" },
    });
  });
});

describe("a variable", () => {
  const variable = { name: "TOWER_WORKSPACE_ID", value: "1", visibility: "all" };

  it("is made, read, changed and deleted", async () => {
    const { call, github } = await start();
    expect(await call("POST", "actions/variables", variable)).toMatchObject({ status: 201, body: {} });
    const one = await call("GET", "actions/variables/tower_workspace_id");
    expect(one.body).toMatchObject(variable);
    expect(one.body?.created_at).toMatch(/^[\d-]+T[\d:]+Z$/);
    expect((await call("GET", "actions/variables")).body).toEqual({ total_count: 1, variables: [one.body] });
    const change = { name: variable.name, value: "2", visibility: "private" };
    expect((await call("PATCH", "actions/variables/TOWER_WORKSPACE_ID", change)).status).toBe(204);
    expect(github.variables()).toMatchObject({ TOWER_WORKSPACE_ID: { value: "2", visibility: "private" } });
    expect((await call("DELETE", "actions/variables/TOWER_WORKSPACE_ID")).status).toBe(204);
    expect((await call("GET", "actions/variables/TOWER_WORKSPACE_ID")).status).toBe(404);
    expect((await call("PATCH", "actions/variables/TOWER_WORKSPACE_ID", change)).status).toBe(404);
    expect((await call("DELETE", "actions/variables/TOWER_WORKSPACE_ID")).status).toBe(404);
  });

  it("is not made twice, nor with a wrong name, visibility or size", async () => {
    const { call, github } = await start();
    await call("POST", "actions/variables", variable);
    expect(await call("POST", "actions/variables", variable)).toMatchObject({
      status: 409,
      body: { message: "Already exists - Variable already exists", status: "409" },
    });
    for (const wrong of [
      { name: "GITHUB_X" },
      { name: "1X" },
      { visibility: "some" },
      { value: "x".repeat(49153) },
    ])
      expect((await call("POST", "actions/variables", { ...variable, name: "NEW", ...wrong })).status).toBe(
        422,
      );
    expect(Object.keys(github.variables())).toEqual(["TOWER_WORKSPACE_ID"]);
  });

  it("is listed in pages", async () => {
    const { call } = await start();
    for (let n = 0; n < 12; n++) await call("POST", "actions/variables", { ...variable, name: `V${n}` });
    const names = async (query: string) => {
      const { body } = await call("GET", `actions/variables${query}`);
      return (body?.variables as { name: string }[]).map(({ name }) => name);
    };
    expect(await names("")).toHaveLength(10);
    expect(await names("?per_page=5&page=3")).toEqual(["V10", "V11"]);
  });
});

describe("a secret", () => {
  it("is opened with the private key, and never given back", async () => {
    const { call, sealed, github } = await start();
    expect((await call("PUT", "actions/secrets/tower_access_token", await sealed("hush"))).status).toBe(201);
    expect((await call("PUT", "actions/secrets/TOWER_ACCESS_TOKEN", await sealed("hüsh 2"))).status).toBe(
      204,
    );
    expect(github.secretValue("TOWER_ACCESS_TOKEN")).toBe("hüsh 2");
    expect(Object.keys(github.secrets())).toEqual(["TOWER_ACCESS_TOKEN"]);
    const one = await call("GET", "actions/secrets/TOWER_ACCESS_TOKEN");
    expect(one.body).toEqual({
      name: "TOWER_ACCESS_TOKEN",
      visibility: "all",
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
    });
    expect((await call("GET", "actions/secrets")).body).toEqual({ total_count: 1, secrets: [one.body] });
    expect(JSON.stringify(github.secrets())).not.toContain("hüsh");
    expect((await call("DELETE", "actions/secrets/TOWER_ACCESS_TOKEN")).status).toBe(204);
    expect((await call("GET", "actions/secrets/TOWER_ACCESS_TOKEN")).status).toBe(404);
  });

  it("is refused when it was not sealed for this organization", async () => {
    const { call, sealed, github } = await start();
    const good = await sealed("hush");
    const plain = { ...good, encrypted_value: Buffer.from("hush").toString("base64") };
    expect((await call("PUT", "actions/secrets/A", plain)).body?.message).toBe(
      "Bad request - improperly encrypted secret",
    );
    expect((await call("PUT", "actions/secrets/A", { ...good, key_id: "0" })).status).toBe(422);
    expect((await call("PUT", "actions/secrets/GITHUB_A", good)).status).toBe(422);
    expect(github.secrets()).toEqual({});
  });
});

describe("selected repositories", () => {
  it("belong only to entries of that visibility", async () => {
    const { call } = await start();
    const selected = { name: "A", value: "1", visibility: "selected", selected_repository_ids: [7] };
    await call("POST", "actions/variables", selected);
    await call("POST", "actions/variables", { name: "B", value: "1", visibility: "all" });
    const path = "actions/variables/A/repositories";
    expect((await call("PUT", `${path}/9`)).status).toBe(204);
    expect((await call("DELETE", `${path}/7`)).status).toBe(204);
    expect((await call("GET", path)).body).toMatchObject({ total_count: 1, repositories: [{ id: 9 }] });
    expect((await call("PUT", path, { selected_repository_ids: [1, 2] })).status).toBe(204);
    expect((await call("GET", path)).body).toMatchObject({ total_count: 2 });
    expect((await call("GET", "actions/variables/A")).body?.selected_repositories_url).toMatch(
      /\/A\/repositories$/,
    );
    expect((await call("GET", "actions/variables/B/repositories")).status).toBe(409);
    expect((await call("GET", "actions/secrets/A/repositories")).status).toBe(404);
  });
});

it("goes on where a snapshot was taken, key pair included", async () => {
  const before = await start();
  const box = await before.sealed("hush");
  await before.call("PUT", "actions/secrets/A", box);
  const saved: unknown = JSON.parse(JSON.stringify(await before.github.snapshot()));
  const after = await start({ saved, seed: before.seed });
  expect((await after.call("PUT", "actions/secrets/B", box)).status).toBe(201);
  expect(after.github.secretValue("A")).toBe("hush");
});

it("answers faults in GitHub's shape", async () => {
  const { call, faults } = await start();
  faults.add({ service: "github", path: "variables", kind: "status", status: 502 });
  expect(await call("GET", "actions/variables")).toMatchObject({ status: 502, body: { status: "502" } });
});
