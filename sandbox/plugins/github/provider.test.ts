import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FaultInjector } from "../../services/faults.ts";
import { startGithub, type GithubService } from "../../services/github/index.ts";
import { makeSeed } from "../../services/seed.ts";
import { check, diff } from "../kit/lifecycle.ts";
import { configure, type Github } from "./api.ts";
import { organizationSecret } from "./secret.ts";
import { organizationVariable } from "./variable.ts";

const seed = makeSeed();
const faults = new FaultInjector();
let service: GithubService;
let session: Github;

const variables = (): Record<string, string> => ({
  owner: seed.githubOwner,
  token: seed.githubToken,
  baseUrl: `${service.url}/`,
});
const context = () => ({ session, urn: "u", log: () => undefined, signal: new AbortController().signal });
const calls = (): string[] => faults.calls.map(({ method, path }) => `${method} ${path}`);

beforeAll(async () => {
  service = await startGithub({ faults, seed });
  session = await configure(variables());
});
afterAll(() => service.close());
beforeEach(() => void faults.calls.splice(0));

describe("an organization variable", () => {
  const inputs = { variableName: "CPU", value: "one", visibility: "all" };

  it("is made, changed in place and deleted", async () => {
    const { id, outs } = await organizationVariable.create(context(), inputs);
    expect(outs).toMatchObject({
      ...inputs,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\d .{8} \+0000 UTC$/) as string,
    });
    const changed = { ...inputs, value: "two", visibility: "private" };
    expect(
      Object.values(diff(organizationVariable, session, outs, changed, [])).map((d) => d.replaces),
    ).toEqual([false, false]);
    await organizationVariable.update(context(), id, outs, changed);
    expect(service.variables().CPU).toMatchObject({ value: "two", visibility: "private" });
    expect(await organizationVariable.read(context(), id, {})).toMatchObject(changed);
    await organizationVariable.delete(context(), id, outs);
    expect(await organizationVariable.read(context(), id, outs)).toBeUndefined();
  });

  it("is another one under another name", () => {
    expect(diff(organizationVariable, session, inputs, { ...inputs, variableName: "GPU" }, [])).toEqual({
      variableName: { kind: "update", replaces: true },
    });
  });

  it("cannot be made twice, in the real one's words", async () => {
    const { id, outs } = await organizationVariable.create(context(), inputs);
    await expect(organizationVariable.create(context(), inputs)).rejects.toThrow(
      new RegExp(`^POST ${service.url}/api/v3/orgs/nf-core/actions/variables: 409 .*\\[\\]$`),
    );
    await organizationVariable.delete(context(), id, outs);
  });
});

describe("an organization secret", () => {
  const inputs = { secretName: "TOKEN", value: "hush", visibility: "all" };

  it("is sealed for the organization's key, by the calls the real one makes", async () => {
    const { id, outs } = await organizationSecret.create(context(), inputs);
    expect(calls()).toEqual([
      "GET /api/v3/orgs/nf-core/actions/secrets/public-key",
      "PUT /api/v3/orgs/nf-core/actions/secrets/TOKEN",
      "GET /api/v3/orgs/nf-core/actions/secrets/TOKEN",
    ]);
    expect(service.secretValue("TOKEN")).toBe("hush");
    await organizationSecret.update(context(), id, outs, { ...inputs, value: "hush, hush" });
    expect(service.secretValue("TOKEN")).toBe("hush, hush");
    await organizationSecret.delete(context(), id, outs);
    expect(await organizationSecret.read(context(), id, outs)).toBeUndefined();
  });

  it("shows by its time that somebody changed it", async () => {
    const { id, outs } = await organizationSecret.create(context(), inputs);
    expect(diff(organizationSecret, session, outs, inputs, [])).toEqual({});
    const since = { ...outs, updatedAt: "2020-01-01 00:00:00 +0000 UTC" };
    const read = await organizationSecret.read(context(), id, since);
    expect(read).toMatchObject({
      updatedAt: since.updatedAt,
      remoteUpdatedAt: outs.updatedAt,
      value: "hush",
    });
    expect(Object.keys(diff(organizationSecret, session, read ?? {}, inputs, []))).toEqual(["updatedAt"]);
  });

  it("has exactly one value, and chosen repositories only where it is for selected ones", () => {
    const { failures } = check(
      organizationSecret,
      "n",
      {},
      { ...inputs, plaintextValue: "x", selectedRepositoryIds: [1] },
    );
    expect(failures.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([
      "selectedRepositoryIds: cannot use selected_repository_ids without visibility being set to selected",
      "value: exactly one of value, valueEncrypted, encryptedValue, plaintextValue must be given, got value, plaintextValue",
    ]);
  });
});

describe("configuration", () => {
  it("looks the organization up at once, and goes on after a passing failure", async () => {
    faults.add({ service: "github", kind: "status", status: 502 });
    await configure(variables());
    expect(calls()).toEqual(["GET /api/v3/orgs/nf-core", "GET /api/v3/orgs/nf-core"]);
  });

  it("says that a token is refused, without the token", async () => {
    await expect(configure({ ...variables(), token: "ghp_wrong" })).rejects.toThrow(
      `GET ${service.url}/api/v3/orgs/nf-core: 401 Bad credentials []`,
    );
  });

  it("never calls the real GitHub", async () => {
    await expect(configure({ owner: "o", token: "t" })).rejects.toThrow("baseUrl is https://api.github.com/");
  });

  it.each(["owner", "token"])("wants %s", async (name) => {
    await expect(configure({ ...variables(), [name]: "" })).rejects.toThrow(
      `the github provider has no ${name}`,
    );
  });
});
