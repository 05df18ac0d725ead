/** From an item of Connect to the result of `getItem`. */
import type { Props } from "../kit/values.ts";
import type { Item } from "./connect.ts";

/** Where a field outside every section goes, by its label. Others are lost: the real provider drops them. */
const BY_LABEL: Record<string, string> = {
  username: "username",
  password: "password",
  hostname: "hostname",
  server: "hostname",
  database: "database",
  port: "port",
  type: "type",
  "public key": "publicKey",
  "private key": "privateKey",
};

const BY_PURPOSE: Record<string, string> = { USERNAME: "username", PASSWORD: "password", NOTES: "noteValue" };

/**
 * The result as terraform-provider-onepassword 2 makes it (`onepassword_item_data_source.go`):
 * - a field with a purpose, or outside every section and with a known label, becomes a property of the result;
 * - `credential` is the field with the id `credential`, and only of an item of the category API_CREDENTIAL;
 * - fields in a section are under `sections`. What a person adds to an item in the app without naming a section is in
 *   one with the id `add more` and no label;
 * - any other field outside every section does not appear at all.
 */
export function itemResult(item: Item): Props {
  const result: Props = {
    id: `vaults/${item.vault.id}/items/${item.id}`,
    uuid: item.id,
    vault: item.vault.id,
    title: item.title,
    category: item.category.toLowerCase(),
    tags: item.tags,
    url: item.urls.find(({ primary }) => primary)?.href,
    files: [],
    sections: item.sections.map(({ id, label }) => ({
      id,
      label,
      files: [],
      fields: item.fields
        .filter(({ section }) => section?.id === id)
        .map(({ id, label, purpose, type, value }) => ({ id, label, purpose, type, value })),
    })),
  };
  for (const field of item.fields) {
    const place = BY_PURPOSE[field.purpose] ?? (field.section ? undefined : BY_LABEL[field.label]);
    if (place) result[place] = field.value;
    if (field.id === "credential" && item.category === "API_CREDENTIAL") result.credential = field.value;
  }
  return result;
}
