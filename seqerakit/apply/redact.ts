const MARK = "[secret]";
/** Shorter ones are found in every other word. */
const SHORTEST = 4;
/** Shorter ones may be words, or parts of words: they are hidden where they stand alone. */
const SHORTEST_ANYWHERE = 8;
/** Of a part of base64 that no neighbour has a share in; the same reason as for the shortest. */
const SHORTEST_PART = 6;

/** A text by which a secret gives itself away. */
export interface Form {
  text: string;
  /** Whether it counts only where no letter, digit or underscore touches it. */
  alone: boolean;
}

/**
 * Replaces every secret, and the forms it takes in JSON, URLs and base64, by a mark. The limit: a secret under 4
 * characters is not hidden, and one under 8 only where it is no part of a longer word.
 */
export function redactor(secrets: (string | undefined)[]): (text: string) => string {
  const forms = formsOf(secrets);
  return (text) => redacted(text, forms);
}

/** All forms of all secrets; of those that are too short to be told from other text, none. */
export function formsOf(secrets: (string | undefined)[]): Form[] {
  const known = secrets.filter((secret): secret is string => (secret?.length ?? 0) >= SHORTEST);
  const all = known.flatMap(formsOfOne);
  // A text that counts anywhere for one secret does so whatever it is for another.
  const byText = new Map(
    all.toSorted((a, b) => Number(b.alone) - Number(a.alone)).map((form) => [form.text, form]),
  );
  return [...byText.values()];
}

/**
 * The text with the mark in place of each form; forms that overlap are covered by one.
 * @param before what stands before the text, as far as it matters: its last few characters
 */
export function redacted(text: string, forms: Form[], before = ""): string {
  let done = 0;
  let result = "";
  for (const [start, end] of spansOf(text, forms, before)) {
    result += text.slice(done, start) + MARK;
    done = end;
  }
  return result + text.slice(done);
}

/** Where the forms stand, in order; those that overlap are one. */
export function spansOf(text: string, forms: Form[], before = ""): [start: number, end: number][] {
  const all = forms.flatMap(({ text: form, alone }) => {
    const found: [number, number][] = [];
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      const end = at + form.length;
      if (!alone || (begins(before + text, before.length + at) && ends(text, end))) found.push([at, end]);
    }
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

const WORD = /[\p{L}\p{N}_]/u;
/** Letters and digits that belong to no word: ends of a terminal's escape sequence, and of escapes in JSON and URLs. */
const ESCAPE_BEFORE = /(\x1b\[[\d;]*[A-Za-z]|\\[bfnrt]|\\u[\da-fA-F]{4}|%[\da-fA-F]{2})$/;
/** As far as these look back. */
export const LOOK_BACK = 16;

/** Whether a word may begin there. */
function begins(text: string, at: number): boolean {
  const inWord = WORD.test(text.charAt(at - 1)) && WORD.test(text.charAt(at));
  return !inWord || ESCAPE_BEFORE.test(text.slice(Math.max(0, at - LOOK_BACK), at));
}

function ends(text: string, end: number): boolean {
  return !(WORD.test(text.charAt(end - 1)) && WORD.test(text.charAt(end)));
}

function formsOfOne(secret: string): Form[] {
  const json = inJson(secret);
  const url = encodeURIComponent(secret);
  const written = [
    secret,
    json,
    inJson(json),
    // Go's writers of JSON escape these, too.
    json.replace(/[&<>]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
    url,
    url.replace(/%../g, (code) => code.toLowerCase()),
    // As a form is sent.
    new URLSearchParams({ a: secret }).toString().slice("a=".length),
  ];
  const alone = secret.length < SHORTEST_ANYWHERE;
  return [
    ...written.map((text) => ({ text, alone })),
    ...inBase64(Buffer.from(secret)).map((text) => ({ text, alone: false })),
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
