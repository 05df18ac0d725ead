import type { Source } from "./source.ts";
import type { Surroundings } from "./surroundings.ts";

/** An access key in an item of 1Password. The reading is handed in: the program does it by its provider. */
export function onePasswordSource({ onePassword }: Surroundings): Source {
  return { title: "1Password", grade: "encrypted", load: onePassword };
}
