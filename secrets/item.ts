/** One field of a 1Password item, as the provider gives it. */
interface Field {
  label: string;
  value: string;
}

/** What is read of a 1Password item: the fields the provider knows by name, and those of its sections. */
export interface Item {
  username?: string;
  password?: string;
  credential?: string;
  sections?: { fields?: Field[] }[];
}

/** Where a value is looked for. */
export interface FieldAddress {
  vault: string;
  item: string;
  /** Labels in the order in which they are tried, spelled as in 1Password. */
  labels: string[];
  /** The command that names another field, but for the label. */
  mend: string;
}

/**
 * The first of the labelled fields that has a value.
 * @throws Error naming vault, item, the labels tried and the labels there are; never a value
 */
export function readField(item: Item, { vault, item: title, labels, mend }: FieldAddress): string {
  const values = fieldsOf(item);
  const found = labels.map((label) => values.get(label)).find((value) => value !== undefined);
  if (found !== undefined) return found;
  const tried = labels.map((label) => JSON.stringify(label)).join(", ");
  const there = [...values.keys()].sort().join(", ") || "none";
  throw new Error(
    [
      `The 1Password item has no such field with a value.`,
      `  vault:  ${vault}`,
      `  item:   ${title}`,
      `  tried:  ${tried}`,
      `  has:    ${there}`,
      `  mend:   add the field to the item in 1Password, or: ${mend} LABEL`,
    ].join("\n"),
  );
}

/**
 * Values of all fields that have one, by label. A section's field goes before a built-in one of the same name: somebody
 * put it there on purpose.
 */
export function fieldsOf({ username, password, credential, sections = [] }: Item): Map<string, string> {
  const builtIn = Object.entries({ username, password, credential });
  const custom = sections.flatMap(({ fields = [] }) =>
    fields.map(({ label, value }) => [label, value] as const),
  );
  return new Map(
    [...builtIn, ...custom].filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())),
  );
}
