import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultInjector } from "../../services/faults.ts";
import { startOnePassword, type OnePasswordService } from "../../services/onepassword/index.ts";
import { makeSeed } from "../../services/seed.ts";
import type { Props } from "../kit/values.ts";
import { configure, onepassword } from "./provider.ts";

const seed = makeSeed();
let service: OnePasswordService;
let url: string;

beforeAll(async () => {
  service = await startOnePassword({ faults: new FaultInjector(), seed });
  url = service.url;
});
afterAll(() => service.close());

async function call(name: "getVault" | "getItem", args: Props, token = seed.connectToken): Promise<Props> {
  const run = onepassword.functions[`onepassword:index/${name}:${name}`];
  return (await run?.(await configure({ url, token }, {}), args)) as Props;
}

describe("looking up", () => {
  it("finds a vault by name and by id", async () => {
    const vault = await call("getVault", { name: seed.vault });
    expect(vault).toMatchObject({ name: seed.vault, id: `vaults/${String(vault.uuid)}` });
    expect(await call("getVault", { uuid: vault.uuid })).toEqual(vault);
  });

  it("finds an item by title, in a vault by id or by name, and reads it once", async () => {
    const { uuid } = await call("getVault", { name: seed.vault });
    const item = await call("getItem", { vault: uuid, title: "AWS megatests" });
    expect(item).toMatchObject({
      username: seed.deployer.accessKeyId,
      password: seed.deployer.secretAccessKey,
    });
    expect(service.reads()).toEqual({ "AWS megatests": 1 });
    expect(await call("getItem", { vault: seed.vault, uuid: item.uuid })).toEqual(item);
  });

  it("says what is not there in the real one's words", async () => {
    const { uuid } = await call("getVault", { name: seed.vault });
    await expect(call("getItem", { vault: uuid, title: "Nothing" })).rejects.toThrow(
      `Client Error: Unable to read item, got error: Found 0 item(s) in vault "${String(uuid)}" with title "Nothing"`,
    );
    await expect(call("getVault", { name: "Prod" })).rejects.toThrow(
      `Client Error: No vault found with name '"Prod"'`,
    );
    await expect(call("getItem", { vault: uuid, uuid: "a".repeat(26) })).rejects.toThrow(
      /got error: status 404: /,
    );
    await expect(call("getItem", { vault: uuid })).rejects.toThrow("[title,uuid] is required");
  });

  it("passes on that a token is refused, without the token", async () => {
    const error = await call("getVault", { name: seed.vault }, "wrong-token").catch(
      (reason: Error) => reason.message,
    );
    expect(error).toBe("Client Error: Unable to read vault, got error: status 401: Invalid bearer token");
  });
});

describe("configuration", () => {
  const token = "t";

  it.each([
    [
      { serviceAccountToken: "ops_x" },
      { OP_ACCOUNT: "my" },
      'Config conflict: "service_account_token" and "account"',
    ],
    [{ url: "http://127.0.0.1:1", token, account: "my" }, {}, "Config conflict: Either Connect credentials"],
    [
      { url: "http://127.0.0.1:1", token },
      { OP_ACCOUNT: "my" },
      "Config conflict: Either Connect credentials",
    ],
    [{ serviceAccountToken: "ops_x" }, {}, "speaks 1Password Connect only"],
    [{ url: "http://127.0.0.1:1" }, {}, "Invalid provider configuration."],
    [{ url: "https://connect.example.invalid", token }, {}, "talks to this machine only"],
  ])("refuses %j with %j", async (variables, environment, message) => {
    await expect(configure(variables as Record<string, string>, environment)).rejects.toThrow(message);
  });

  it("takes Connect's address and token from the environment", async () => {
    await expect(
      configure({}, { OP_CONNECT_HOST: "http://127.0.0.1:1", OP_CONNECT_TOKEN: token }),
    ).resolves.toBeDefined();
  });
});
