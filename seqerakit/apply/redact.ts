const MARK = "[secret]";
/** Shorter ones are found in every other word. */
const SHORTEST = 4;
/** Of a part of base64 that no neighbour has a share in; the same reason. */
const SHORTEST_PART = 6;

/** Replaces every secret, and the forms it takes in JSON, URLs and base64, by a mark. */
export function redactor(secrets: (string | undefined)[]): (text: string) => string {
  const forms = formsOf(secrets);
  return (text) => redacted(text, forms);
}

/** All texts by which secrets give themselves away; of those that are too short to be told from other text, none. */
export function formsOf(secrets: (string | undefined)[]): string[] {
  const known = secrets.filter((secret): secret is string => (secret?.length ?? 0) >= SHORTEST);
  return [...new Set(known.flatMap(formsOfOne))];
}

/** The text with the mark in place of each form; forms that overlap are covered by one. */
export function redacted(text: string, forms: string[]): string {
  let done = 0;
  let result = "";
  for (const [start, end] of spansOf(text, forms)) {
    result += text.slice(done, start) + MARK;
    done = end;
  }
  return result + text.slice(done);
}

/** Where the forms stand, in order; those that overlap are one. */
export function spansOf(text: string, forms: string[]): [start: number, end: number][] {
  const all = forms.flatMap((form) => {
    const found: [number, number][] = [];
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1))
      found.push([at, at + form.length]);
    return found;
  });
  const joined: [number, number][] = [];
  for (const [start, end] of all.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

function formsOfOne(secret: string): string[] {
  const json = inJson(secret);
  const url = encodeURIComponent(secret);
  return [
    secret,
    json,
    inJson(json),
    // Go's writers of JSON escape these, too.
    json.replace(/[&<>]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
    url,
    url.replace(/%../g, (code) => code.toLowerCase()),
    // As a form is sent.
    new URLSearchParams({ a: secret }).toString().slice("a=".length),
    ...inBase64(Buffer.from(secret)),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * On its own, and in the middle of something (`user:secret`): three ways to fall on the groups of three bytes, each
 * without the characters that a neighbouring byte has a share in; in both alphabets.
 */
function inBase64(bytes: Buffer): string[] {
  const parts = [0, 1, 2]
    .map((before) => {
      const whole = Buffer.concat([Buffer.alloc(before), bytes]);
      return whole.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
    })
    .filter((part) => part.length >= SHORTEST_PART);
  return [bytes.toString("base64"), ...parts].flatMap((form) => [
    form,
    form.replaceAll("+", "-").replaceAll("/", "_"),
  ]);
}
