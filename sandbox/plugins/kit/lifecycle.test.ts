import { describe, expect, it } from "vitest";
import { check, diff, inputsOf, preview, sealed } from "./lifecycle.ts";
import type { ResourceType } from "./resource.ts";
import { UNKNOWN } from "./values.ts";

const unused = (): Promise<never> => Promise.reject(new Error("no call was expected"));

const type: ResourceType<{ region: string }> = {
  properties: {
    name: { computed: true, replaces: true },
    owner: { required: true, replaces: true },
    mode: { default: "soft", oneOf: ["soft", "hard"] },
    note: {},
    tags: {},
  },
  computed: ["arn", "tagsAll"],
  volatile: ["arn"],
  secrets: ["note"],
  autoname: "name",
  planned: ({ region }, inputs) => ({ tagsAll: { region, ...(inputs.tags as object | undefined) } }),
  create: unused,
  read: unused,
  update: unused,
  delete: unused,
};

const session = { region: "eu" };
const olds = {
  name: "a",
  owner: "o",
  mode: "soft",
  arn: "arn:a",
  tags: { x: "1", y: "2" },
  tagsAll: { region: "eu", x: "1", y: "2" },
};
const news = { owner: "o", mode: "soft", tags: { x: "1", y: "2" } };

describe("check", () => {
  it("fills in defaults and a generated name", () => {
    const { inputs, failures } = check(type, "urn-name", {}, { owner: "o" });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({
      owner: "o",
      mode: "soft",
      name: expect.stringMatching(/^urn-name-[0-9a-f]{7}$/) as string,
    });
  });

  it("keeps the generated name, and makes another for a replacement, which is checked without old arguments", () => {
    expect(check(type, "n", { name: "n-1234567" }, { owner: "o" }).inputs.name).toBe("n-1234567");
    expect(check(type, "n", {}, { owner: "o" }).inputs.name).not.toBe("n-1234567");
  });

  it("refuses what is missing, not allowed or not managed", () => {
    const { failures } = check(type, "n", {}, { mode: "wild", acl: "public" });
    expect(failures).toEqual([
      { property: "acl", reason: "not managed by this stand-in of the sandbox" },
      { property: "owner", reason: 'Missing required argument: "owner" has no value' },
      { property: "mode", reason: "expected mode to be one of soft, hard, got wild" },
    ]);
  });

  it("lets unknown values pass", () => {
    expect(check(type, "n", {}, { owner: UNKNOWN, mode: UNKNOWN }).failures).toEqual([]);
  });
});

describe("diff", () => {
  it("finds none when a computed argument is left out and empty ones differ in kind", () => {
    expect(diff(type, session, { ...olds, note: "" }, news, [])).toEqual({});
  });

  it("tells a map's change by key, what follows from it, and what replaces", () => {
    expect(diff(type, session, olds, { ...news, owner: "p", tags: { x: "9" } }, [])).toEqual({
      owner: { kind: "update", replaces: true },
      "tags.x": { kind: "update", replaces: false },
      "tags.y": { kind: "delete", replaces: false },
      tagsAll: { kind: "update", replaces: false },
    });
  });

  it("names a key that is no word in brackets, under the same property", () => {
    const dotted = { ...news, tags: { ...news.tags, "a.b": "1" } };
    expect(Object.keys(diff(type, session, olds, dotted, ["tagsAll"]))).toEqual(['tags["a.b"]']);
    expect(diff(type, session, olds, dotted, ["tags", "tagsAll"])).toEqual({});
  });

  it("takes an unknown value for a change, at any depth, and compares it with nothing", () => {
    const same = (): never => {
      throw new Error("no comparison was expected");
    };
    const strict = { ...type, properties: { ...type.properties, note: { same, replaces: true as const } } };
    expect(diff(strict, session, olds, { ...news, note: [{ text: UNKNOWN }] }, [])).toEqual({
      note: { kind: "add", replaces: true },
    });
  });

  it("leaves out what the program ignores, as a whole or by key", () => {
    const changed = { ...news, tags: { x: "9" } };
    expect(diff(type, session, olds, changed, ["tags", "tagsAll"])).toEqual({});
    expect(Object.keys(diff(type, session, olds, changed, ["tags.x", "tagsAll"]))).toEqual(["tags.y"]);
  });
});

describe("preview", () => {
  it("knows of a new resource what the arguments say, and nothing else", () => {
    expect(preview(type, session, undefined, news)).toEqual({
      ...news,
      name: UNKNOWN,
      arn: UNKNOWN,
      tagsAll: { region: "eu", x: "1", y: "2" },
    });
  });

  it("keeps in an update what it cannot change", () => {
    expect(preview(type, session, olds, { ...news, tags: {} })).toMatchObject({
      name: "a",
      arn: UNKNOWN,
      tags: {},
    });
  });
});

it("recovers all arguments on an import, and only those given on a refresh", () => {
  expect(inputsOf(type, olds, {})).toEqual({ name: "a", owner: "o", mode: "soft", tags: olds.tags });
  expect(inputsOf(type, { ...olds, owner: "p" }, { owner: "o" })).toEqual({ owner: "p" });
});

it("marks secrets, but no unknown ones", () => {
  expect(sealed(type, { note: "n" }).note).toMatchObject({ value: "n" });
  expect(sealed(type, { note: UNKNOWN }).note).toBe(UNKNOWN);
});
