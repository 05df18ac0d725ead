/** Takes secrets out of what is written piece by piece: one may be cut in two. */
import { redacted, spansOf } from "../../seqerakit/apply/redact.ts";

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
export function redactingWriter(forms: () => string[], pass: (text: string) => void): RedactingWriter {
  let held = "";
  const send = (text: string) => {
    if (text !== "") pass(redacted(text, forms()));
  };
  return {
    write: (text) => {
      const all = held + text;
      const from = beginning(all, forms());
      held = all.slice(from);
      send(all.slice(0, from));
    },
    end: () => {
      send(held);
      held = "";
    },
  };
}

/** Where, at the text's end, a form may have begun of which the rest is yet to come; the text's length where none has. */
function beginning(text: string, forms: string[]): number {
  const starts = forms.map((form) => {
    for (let at = Math.max(0, text.length - form.length + 1); at < text.length; at++)
      if (form.startsWith(text.slice(at))) return at;
    return text.length;
  });
  const first = Math.min(text.length, ...starts);
  // A form that is whole but shares letters with the one that may have begun is kept whole.
  const spans = spansOf(text, forms);
  return spans.reduceRight((from, [start, end]) => (start < from && end > from ? start : from), first);
}
