import { expect, it } from "vitest";
import type { Item } from "./connect.ts";
import { itemResult } from "./item.ts";

const field = (given: Partial<Item["fields"][number]>): Item["fields"][number] => ({
  ...{ id: given.label ?? "x", label: "", type: "STRING", purpose: "", value: "" },
  ...given,
});
const item = (category: string, fields: Item["fields"]): Item => ({
  ...{ id: "i", title: "t", category, vault: { id: "v" }, tags: ["a"], fields },
  urls: [
    { href: "https://one", primary: false },
    { href: "https://two", primary: true },
  ],
  sections: [{ id: "add more", label: "" }],
});

it("gives a login's fields by their purpose", () => {
  const result = itemResult(
    item("LOGIN", [
      field({ label: "Benutzer", purpose: "USERNAME", value: "AKIA" }),
      field({ label: "Kennwort", purpose: "PASSWORD", value: "s3cr3t" }),
      field({ label: "notesPlain", purpose: "NOTES", value: "n" }),
    ]),
  );
  expect(result).toMatchObject({
    category: "login",
    username: "AKIA",
    password: "s3cr3t",
    noteValue: "n",
    url: "https://two",
  });
  expect(result).toMatchObject({ id: "vaults/v/items/i", uuid: "i", vault: "v", title: "t", tags: ["a"] });
});

it("gives the credential of an API credential only, and by the field's id", () => {
  const fields = [field({ id: "credential", label: "renamed", value: "c" })];
  expect(itemResult(item("API_CREDENTIAL", fields)).credential).toBe("c");
  expect(itemResult(item("LOGIN", fields))).not.toHaveProperty("credential");
  expect(
    itemResult(item("API_CREDENTIAL", [field({ label: "credential", id: "other", value: "c" })])),
  ).not.toHaveProperty("credential");
});

it("gives a field in a section there, and loses one that is outside of every section", () => {
  const inside = field({
    label: "TOWER_ACCESS_TOKEN",
    type: "CONCEALED",
    value: "in",
    section: { id: "add more" },
  });
  const result = itemResult(item("LOGIN", [inside, field({ label: "loose", value: "out" })]));
  expect(result.sections).toEqual([
    {
      id: "add more",
      label: "",
      files: [],
      fields: [
        {
          id: "TOWER_ACCESS_TOKEN",
          label: "TOWER_ACCESS_TOKEN",
          purpose: "",
          type: "CONCEALED",
          value: "in",
        },
      ],
    },
  ]);
  expect(JSON.stringify(result)).not.toContain("loose");
});

it("does not take a field in a section for the item's password", () => {
  const fields = [field({ label: "password", value: "other", section: { id: "add more" } })];
  expect(itemResult(item("LOGIN", fields))).not.toHaveProperty("password");
});
