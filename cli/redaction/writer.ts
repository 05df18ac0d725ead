/** Takes secrets out of what is written piece by piece: one may be cut in two. */
import { type Form, LOOK_BACK, redacted, spansOf } from "../../seqerakit/apply/redact.ts";

/** Passes text on without secrets. */
export interface RedactingWriter {
  write(text: string): void;
  /** Passes on what is held back because a secret could have begun in it. */
  end(): void;
}

/**
 * @param forms of the secrets known when something is written
 * @param pass gets the text; never an empty one
 */
export function redactingWriter(forms: () => Form[], pass: (text: string) => void): RedactingWriter {
  let held = "";
  let before = "";
  const send = (text: string) => {
    if (text !== "") pass(redacted(text, forms(), before));
    before = (before + text).slice(-LOOK_BACK);
  };
  return {
    write: (text) => {
      const all = held + text;
      const from = beginning(all, forms(), before);
      held = all.slice(from);
      send(all.slice(0, from));
    },
    end: () => {
      send(held);
      held = "";
    },
  };
}

/** What moves a terminal's cursor, colours and the like: ECMA-48, section 5.4. */
const ESCAPE_SEQUENCE = /\x1b\[[0-?]*[ -/]*[@-~]/g;

/** Where, at the text's end, a form may have begun of which the rest is yet to come; the text's length where none has. */
function beginning(text: string, forms: Form[], before: string): number {
  // No secret begins inside of one, though its last letter may look like it: a prompt that waits ends in one.
  const sequences = [...text.matchAll(ESCAPE_SEQUENCE)].map(
    ({ index, 0: all }) => [index, index + all.length] as const,
  );
  const inside = (at: number) => sequences.some(([start, end]) => start < at && at < end);
  const starts = forms.map(({ text: form, alone }) => {
    // One that is whole but must stand alone waits for what comes behind it.
    const longest = alone ? form.length : form.length - 1;
    for (let at = Math.max(0, text.length - longest); at < text.length; at++)
      if (form.startsWith(text.slice(at)) && !inside(at)) return at;
    return text.length;
  });
  const first = Math.min(text.length, ...starts);
  // A form that is whole but shares letters with the one that may have begun is kept whole.
  const spans = spansOf(text, forms, before);
  return spans.reduceRight((from, [start, end]) => (start < from && end > from ? start : from), first);
}
