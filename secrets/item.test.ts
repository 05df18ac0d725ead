import { describe, expect, it } from "vitest";
import { readField } from "./item.ts";

const address = (...labels: string[]) => ({
  vault: "Dev",
  item: "AWS megatests",
  labels,
  mend: "pulumi config set AWSMegatests:x",
});
const section = (label: string, value: string) => ({ sections: [{ fields: [{ label, value }] }] });

describe("readField", () => {
  it("finds a built-in field", () => {
    expect(readField({ username: "AKIA", password: "p" }, address("username"))).toBe("AKIA");
  });

  it("finds a field of a section", () => {
    expect(readField(section("AWSMegatests workspace ID", "42"), address("AWSMegatests workspace ID"))).toBe(
      "42",
    );
  });

  it("takes the first label that has a value", () => {
    const item = { credential: " ", ...section("TOWER_ACCESS_TOKEN", "t") };
    expect(readField(item, address("credential", "TOWER_ACCESS_TOKEN"))).toBe("t");
  });

  it("prefers what somebody put into a section to a built-in field", () => {
    expect(readField({ credential: "old", ...section("credential", "new") }, address("credential"))).toBe(
      "new",
    );
  });

  it("names vault, item, what was tried and what is there, and no value", () => {
    expect(() =>
      readField({ username: "hush", ...section("note", "hush") }, address("password", "secret")),
    ).toThrow(
      new Error(`The 1Password item has no such field with a value.
  vault:  Dev
  item:   AWS megatests
  tried:  "password", "secret"
  has:    note, username
  mend:   add the field to the item in 1Password, or: pulumi config set AWSMegatests:x LABEL`),
    );
  });
});
