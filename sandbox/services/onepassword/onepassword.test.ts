import { describe, expect, it, onTestFinished } from "vitest";
import { FaultInjector } from "../faults.ts";
import { makeSeed, type Seed } from "../seed.ts";
import { startOnePassword } from "./index.ts";

interface Field {
  label: string;
  value?: string;
}

/** A vault, an item or an error: what tests look at. */
interface Shown {
  id: string;
  message: string;
  version: number;
  sections: object[];
  fields: Field[];
}

/** One of them or a list, as the request asks. */
type Body = Shown & [Shown, ...Shown[]];

/** A Connect server and a client that asks as 1Password's Go client does. */
async function start(options: { saved?: unknown; seed?: Seed } = {}) {
  const seed = options.seed ?? makeSeed();
  const faults = new FaultInjector();
  const connect = await startOnePassword({ ...options, faults, seed });
  onTestFinished(() => connect.close());
  const get = async (path: string, token: string | undefined = seed.connectToken) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const response = await fetch(`${connect.url}${path}`, { headers: token === "" ? {} : headers });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const filter = (name: string, by = "title") =>
    `filter=${encodeURIComponent(`${by} eq "${name}"`).replaceAll("%20", "+")}`;
  const vaultId = async () => (await get(`/v1/vaults?${filter(seed.vault)}`)).body[0].id;
  const read = async (title: string) => {
    const items = `/v1/vaults/${await vaultId()}/items`;
    const [summary] = (await get(`${items}?${filter(title)}`)).body;
    return (await get(`${items}/${summary.id}`)).body;
  };
  return { connect, seed, faults, get, filter, vaultId, read };
}

describe("the vault", () => {
  it.each(["title", "name"])("is found by %s", async (by) => {
    const { get, filter } = await start();
    const { body } = await get(`/v1/vaults?${filter("Dev", by)}`);
    expect(body).toMatchObject([{ name: "Dev", items: 3, type: "USER_CREATED" }]);
    expect(body[0].id).toMatch(/^[a-z0-9]{26}$/);
    expect((await get(`/v1/vaults/${body[0].id}`)).body).toEqual(body[0]);
    expect((await get("/v1/vaults")).body).toEqual(body);
    expect((await get(`/v1/vaults?${filter("Prod", by)}`)).body).toEqual([]);
  });
});

describe("an item", () => {
  it("is a summary in lists, and whole by its id", async () => {
    const { get, vaultId, seed, read, filter } = await start();
    const items = `/v1/vaults/${await vaultId()}/items`;
    const all = await get(items);
    expect(all.body).toHaveLength(3);
    expect(JSON.stringify(all.body)).not.toContain(seed.githubToken);
    expect((await get(`${items}?${filter("aws megatests")}`)).body).toEqual([]);
    const item = await read("AWS megatests");
    expect(item).toMatchObject({ title: "AWS megatests", category: "LOGIN", vault: { id: await vaultId() } });
    expect(item.fields).toContainEqual({
      id: "username",
      type: "STRING",
      purpose: "USERNAME",
      label: "username",
      value: seed.deployer.accessKeyId,
    });
    expect(item.fields).toContainEqual(
      expect.objectContaining({ id: "password", type: "CONCEALED", purpose: "PASSWORD" }),
    );
    expect(item.sections).toEqual([]);
  });

  it("has what is not of its category in a section, where the provider looks for it", async () => {
    const { read, seed } = await start();
    const item = await read("Seqera Platform");
    expect(item.sections).toEqual([{ id: "add more" }]);
    const field = (label: string) => item.fields.find((entry: { label: string }) => entry.label === label);
    expect(field("credential")).toEqual({
      id: "credential",
      type: "CONCEALED",
      label: "credential",
      value: seed.platformToken,
    });
    expect(field("TOWER_ACCESS_TOKEN")).toMatchObject({
      section: { id: "add more" },
      value: seed.platformToken,
    });
    expect(field("AWSMegatests workspace ID")).toMatchObject({
      type: "STRING",
      value: String(seed.workspaceId),
    });
  });

  it("is counted at every full read", async () => {
    const { connect, read } = await start();
    await read("AWS megatests");
    await read("AWS megatests");
    await read("Seqera Platform");
    expect(connect.reads()).toEqual({ "AWS megatests": 2, "Seqera Platform": 1 });
  });

  it("can be changed and taken away by hand", async () => {
    const { connect, read, get, vaultId } = await start();
    connect.setField("Seqera Platform", "credential", "rotated");
    const item = await read("Seqera Platform");
    expect(item.version).toBe(2);
    expect(item.fields).toContainEqual(expect.objectContaining({ label: "credential", value: "rotated" }));
    connect.removeItem("Seqera Platform");
    expect(await get(`/v1/vaults/${await vaultId()}/items/${item.id}`)).toEqual({
      status: 404,
      body: { status: 404, message: `Item ${item.id} not found` },
    });
    expect(() => connect.removeItem("Seqera Platform")).toThrow("has no item 'Seqera Platform'");
    expect(() => connect.setField("AWS megatests", "pin", "1")).toThrow("has no field 'pin'");
  });
});

describe("errors", () => {
  it("have a status and a message", async () => {
    const { get, vaultId } = await start();
    const missing = "a".repeat(26);
    expect(await get("/v1/vaults", "wrong")).toEqual({
      status: 401,
      body: { status: 401, message: "Invalid bearer token" },
    });
    expect((await get("/v1/vaults", "")).body.message).toBe("Authentication: No Token");
    expect((await get(`/v1/vaults/${missing}/items`)).body).toEqual({
      status: 404,
      message: `Vault ${missing} not found`,
    });
    expect((await get("/v1/vaults/Dev/items")).body).toEqual({ status: 400, message: "Invalid Vault UUID" });
    expect((await get(`/v1/vaults/${await vaultId()}/items/x`)).body.message).toBe("Invalid Item UUID");
    expect((await get("/v1/vaults?filter=title+co+%22D%22")).body).toMatchObject({ status: 400 });
  });
});

it("tells its health without a token", async () => {
  const { connect, get } = await start();
  expect(await (await fetch(`${connect.url}/heartbeat`)).text()).toBe(".");
  expect((await get("/health", "")).body).toMatchObject({ dependencies: [{ status: "ACTIVE" }] });
  expect((await get("/v1/activity")).body).toEqual([]);
});

it("keeps ids and changes over a restart", async () => {
  const before = await start();
  before.connect.setField("AWS megatests", "password", "new");
  const item = await before.read("AWS megatests");
  const saved: unknown = JSON.parse(JSON.stringify(await before.connect.snapshot()));
  const after = await start({ saved, seed: before.seed });
  expect(await after.read("AWS megatests")).toEqual(item);
});
