/** What the imitated 1Password Connect remembers: one vault and its items. */
import { randomInt } from "node:crypto";
import type { Seed, SeedItem } from "../seed.ts";

/** A field of an item, as Connect shows it. */
export interface Field {
  id: string;
  type: "STRING" | "CONCEALED";
  purpose?: "USERNAME" | "PASSWORD" | "NOTES";
  label: string;
  value?: string;
  section?: { id: string };
}

/** An item, as Connect shows it in full. */
export interface Item {
  id: string;
  title: string;
  version: number;
  vault: { id: string; name: string };
  category: string;
  sections: { id: string; label?: string }[];
  fields: Field[];
  lastEditedBy: string;
  createdAt: string;
  updatedAt: string;
}

/** The whole state; plain JSON. */
export interface OnePasswordState {
  vault: { id: string; name: string; createdAt: string };
  items: Item[];
}

/** Fields an item of a category has by itself; any other is in a section. */
const BUILT_IN: Record<string, string[]> = {
  LOGIN: ["username", "password"],
  API_CREDENTIAL: ["username", "credential", "type", "filename", "hostname"],
};

/** The section 1Password's apps put fields into that a person adds. It has no label. */
const ADDED = { id: "add more" };

const LOWER_BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** An id of 1Password's kind: 26 lower-case letters and digits. */
export function newId(): string {
  return Array.from({ length: 26 }, () => LOWER_BASE32[randomInt(32)]).join("");
}

/** The vault and items a world starts with. */
export function makeState(seed: Seed): OnePasswordState {
  const at = new Date().toISOString();
  const vault = { id: newId(), name: seed.vault, createdAt: at };
  return { vault, items: seed.items.map((item) => makeItem(item, vault, at)) };
}

function makeItem(seed: SeedItem, vault: OnePasswordState["vault"], at: string): Item {
  const builtIn = BUILT_IN[seed.category] ?? [];
  const fields = seed.fields.map(({ label, value, purpose, type }): Field => {
    if (purpose !== undefined || builtIn.includes(label)) return { id: label, type, purpose, label, value };
    return { id: newId(), type, label, value, section: ADDED };
  });
  return {
    id: newId(),
    title: seed.title,
    version: 1,
    vault: { id: vault.id, name: vault.name },
    category: seed.category,
    sections: fields.some((field) => field.section !== undefined) ? [ADDED] : [],
    fields: [{ id: "notesPlain", type: "STRING", purpose: "NOTES", label: "notesPlain" }, ...fields],
    lastEditedBy: newId().toUpperCase(),
    createdAt: at,
    updatedAt: at,
  };
}
