/** What is read of S3's XML. */

/** Tags of `<Tag><Key>a</Key><Value>1</Value></Tag>`. */
export function xmlTags(xml: string): Record<string, string> {
  const pairs = xml.matchAll(/<Key>([^<]*)<\/Key>\s*<Value>([^<]*)<\/Value>/g);
  return Object.fromEntries([...pairs].map(([, key = "", value = ""]) => [unescaped(key), unescaped(value)]));
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** `a&amp;b` -> `a&b` */
export function unescaped(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? all;
      return String.fromCodePoint(decimal === undefined ? parseInt(hex ?? "", 16) : Number(decimal));
    },
  );
}
