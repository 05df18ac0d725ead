/** Finds secrets in text, in clear and in the forms that programs on their way give them. */

/** Values that must not be seen, by what they are. */
export type Secrets = Record<string, string>;

/** A secret that was found; never its value. */
export interface Finding {
  secret: string;
  /** Every form it was found in. */
  forms: string[];
}

/** Shorter ones would be found by chance. */
const SHORTEST = 16;
/** Part of a secret that counts as the secret: what remains when a program cuts a line or masks the rest. */
const PART = 16;

/** @throws Error when a secret is too short to be told from other text */
export function findSecrets(text: string, secrets: Secrets): Finding[] {
  return Object.entries(secrets).flatMap(([secret, value]) => {
    const forms = Object.entries(formsOf(value)).filter(([, form]) => text.includes(form));
    return forms.length > 0 ? [{ secret, forms: forms.map(([name]) => name) }] : [];
  });
}

/** The texts by which a value gives itself away; those equal to the value itself are left out. */
function formsOf(value: string): Record<string, string> {
  if (value.length < SHORTEST) throw new Error(`A secret of ${value.length} characters is no canary`);
  const json = JSON.stringify(value).slice(1, -1);
  const bytes = Buffer.from(value);
  const forms = {
    clear: value,
    beginning: value.slice(0, PART),
    end: value.slice(-PART),
    JSON: json,
    "JSON within JSON": JSON.stringify(json).slice(1, -1),
    // Go escapes these three as well.
    "Go's JSON": json.replace(/[&<>]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
    URL: encodeURIComponent(value),
    "URL in small letters": encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
    hexadecimal: bytes.toString("hex"),
    ...base64Forms(bytes),
  };
  return Object.fromEntries(
    Object.entries(forms).filter(([name, form]) => name === "clear" || form !== value),
  );
}

/** Base64 of a text that the value is somewhere in: three ways to fall on the groups of three bytes, two alphabets. */
function base64Forms(bytes: Buffer): Record<string, string> {
  return Object.fromEntries(
    [0, 1, 2].flatMap((before) => {
      const whole = Buffer.concat([Buffer.alloc(before), bytes]);
      // Only characters that no neighbouring byte has a share in.
      const core = whole
        .toString("base64")
        .slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
      return [
        [`base64, ${before} bytes on`, core],
        [`base64url, ${before} bytes on`, core.replaceAll("+", "-").replaceAll("/", "_")],
      ];
    }),
  );
}
