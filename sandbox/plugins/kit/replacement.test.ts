import { expect, it } from "vitest";
import { deletesFirst } from "./replacement.ts";
import type { ResourceType } from "./resource.ts";

const unused = (): Promise<never> => Promise.reject(new Error("no call was expected"));
const type: ResourceType<unknown> = {
  properties: { name: { computed: true, replaces: true } },
  computed: [],
  autoname: "name",
  create: unused,
  read: unused,
  update: unused,
  delete: unused,
};

it.each([
  ["a name of the program's own", { name: "mine" }, true],
  ["a name of its own that begins like a generated one", { name: "n-1234567-a" }, true],
  ["a generated name", { name: "n-12ab567" }, false],
  ["a name that is not known yet", {}, false],
])("deletes before it makes anew under %s: %o", (_what, given, first) => {
  expect(deletesFirst(type, "n", given)).toBe(first);
});

it("makes anew before it deletes what has no name", () => {
  expect(deletesFirst({ ...type, autoname: undefined }, "n", { name: "mine" })).toBe(false);
});
