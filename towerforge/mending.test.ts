import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingMocks, useMocks } from "../test/mocks.ts";
import { detached, proveAttached } from "./detached.ts";
import { keyText } from "./key.ts";
import type { Found, Iam } from "./iam.ts";
import { keepOneKey, makeAgain, makeRoom } from "./mending.ts";

const LIMIT =
  "creating IAM Access Key (TowerForge): LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2";
const EXISTS =
  "creating IAM User (TowerForge): EntityAlreadyExists: User with name TowerForge already exists.";
const tags = { Project: "AWSMegatests", Stack: "test" };
const held = { AKIAHELD: "tower-aws (C1)" };
let removed: string[];
let listed: string[];
let found: Found | undefined;

const iam = {
  keyIds: async () => listed,
  deleteKey: async (_user: string, id: string) => void removed.push(id),
  user: async () => found,
  deleteUser: async (name: string) => void removed.push(name),
} as unknown as Iam;
const mending = { iam: async () => iam, heldKeys: async () => held };
const failed = (error: string, failedOperation = "create") =>
  ({ failedOperation, errors: [`${error}\nand more`, "an earlier one"] }) as pulumi.ErrorHookArgs;

beforeEach(async () => {
  removed = [];
  await useMocks(new RecordingMocks({}));
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  return () => warn.mockRestore();
});

describe("where IAM has no room for a new key", () => {
  const room = (error = failed(LIMIT)) => makeRoom("room", "TowerForge", mending).callback(error);

  it("deletes the one that nobody holds, says so, and has the key made", async () => {
    listed = ["AKIAHELD", "AKIALOST"];
    expect(await room()).toBe(true);
    expect(removed).toEqual(["AKIALOST"]);
    expect(vi.mocked(pulumi.log.warn).mock.calls.map(([text]) => text)).toEqual([
      "The access key AKIALOST of TowerForge is deleted: neither Seqera Platform nor the state works with it.",
    ]);
  });

  it("deletes none that the Platform holds", async () => {
    listed = ["AKIAHELD", "AKIAHELD"];
    await expect(room()).rejects
      .toThrow(`The IAM user has two access keys already, and Seqera Platform works with both of them, so none is deleted.
  got:      AKIAHELD in tower-aws (C1), AKIAHELD in tower-aws (C1)
  allowed:  one of the two in credentials on the Platform
  mend:     tw credentials delete -i ID, of those that no compute environment uses; then: pulumi up
  answered: ${LIMIT}`);
    expect(removed).toEqual([]);
  });

  it("leaves other errors, and other operations, as they are", async () => {
    listed = ["AKIAHELD", "AKIALOST"];
    expect(await room(failed("AccessDenied: no"))).toBe(false);
    expect(await room(failed(LIMIT, "delete"))).toBe(false);
    expect(removed).toEqual([]);
  });

  it("does nothing in a preview", async () => {
    await useMocks(new RecordingMocks({}), { preview: true });
    listed = ["AKIALOST"];
    expect(await room()).toBe(false);
    expect(removed).toEqual([]);
  });
});

describe("where a user exists already", () => {
  const again = () =>
    makeAgain(
      "again",
      {
        ...{ what: "IAM user TowerForge", tags, setting: "userName" },
        find: (each) => each.user("TowerForge"),
        remove: (each) => each.deleteUser("TowerForge"),
      },
      mending,
    ).callback(failed(EXISTS));

  it("removes one that this stack has made and nothing depends on", async () => {
    found = { arn: "arn:user", tags: { ...tags, More: "1" }, dependants: 0 };
    expect(await again()).toBe(true);
    expect(removed).toEqual(["TowerForge"]);
  });

  it.each([
    ["of another stack", { ...tags, Stack: "other" }, 0],
    ["in use", tags, 1],
  ])("leaves one %s, and says what to do", async (_whose, itsTags, dependants) => {
    found = { arn: "arn:user", tags: itsTags, dependants };
    await expect(again()).rejects
      .toThrow(`The IAM user TowerForge exists already, and is in use or was not made by this stack, so it is left alone.
  got:      arn:user, tags ${JSON.stringify(itsTags)}, depended on by ${dependants}
  allowed:  none of that name, or one with this stack's tags that nothing depends on
  mend:     pulumi config set AWSMegatests:userName ANOTHER, or delete it in AWS; then: pulumi up
  answered: ${EXISTS}`);
    expect(removed).toEqual([]);
  });

  it("tries once more where it is gone meanwhile", async () => {
    found = undefined;
    expect(await again()).toBe(true);
    expect(removed).toEqual([]);
  });
});

describe("policies that were detached by hand", () => {
  const all = ["Forge", "Launch", "S3"].map((part) => `TowerForge-${part}-Policy`);
  const holder = { kind: "role" as const, name: "Seqera" };
  const having = (policies: string[] | undefined) =>
    ({ attachedPolicies: async () => policies }) as unknown as Iam;

  it("are told by the ends of their names, of a role as of a user", async () => {
    expect(await detached(holder, having(all))).toEqual([]);
    expect(await detached(holder, having(all.slice(1)))).toEqual(["Forge"]);
    expect(await detached(holder, having(undefined))).toBeUndefined();
    await expect(proveAttached(holder, having(all))).resolves.toBeUndefined();
    await expect(proveAttached(holder, having(all.slice(0, 1)))).rejects.toThrow(
      new Error(`Policies were detached from the IAM role Seqera by hand, so Seqera Platform cannot do its work with the role.
  got:     without Launch, S3
  allowed: Forge, Launch and S3, as a deployment attaches them
  mend:    pulumi refresh --run-program --yes, which tells the state; then: pulumi up`),
    );
  });
});

describe("once the Platform works with a key", () => {
  const plan = (unfinished: boolean) => ({ unfinished, trigger: "", keyIds: [], until: "" });
  const pushed = { accessKeyId: "AKIANEW", formerAccessKeyId: "AKIAOLD" };

  it("an unfinished rotation's other key goes, and the engine's own and the Platform's stay", async () => {
    listed = ["AKIANEW", "AKIAOLD", "AKIAHELD", "AKIALOST"];
    await keepOneKey("TowerForge", plan(true), mending)(pushed);
    expect(removed).toEqual(["AKIALOST"]);
  });

  it("an ordinary rotation deletes nothing by itself", async () => {
    listed = ["AKIANEW", "AKIAOLD", "AKIALOST"];
    await keepOneKey("TowerForge", plan(false), mending)(pushed);
    expect(removed).toEqual([]);
  });
});

it.each([
  [[], true, "The first access key of TowerForge is made and handed to Seqera Platform."],
  [
    ["AKIA1"],
    true,
    "The access key AKIA1 of TowerForge is renewed: a new one is made, tried on AWS and handed to Seqera Platform, where credentials and compute environments keep their ids; AKIA1 is deleted last.",
  ],
  [["AKIA1"], false, "The access key AKIA1 of TowerForge stays until 2026-12-01."],
  [
    ["AKIA1", "AKIA2"],
    false,
    "No new access key for TowerForge: the one of the last rotation is handed over.",
  ],
])("tells of the keys %j, a new one made: %s", (keyIds, made, text) => {
  const plan = { trigger: "", unfinished: keyIds.length > 1, keyIds, until: "2026-12-01" };
  expect(keyText("TowerForge", plan, made)).toBe(text);
});
