/** One part of a stack's status: what is there, and what of it is not as the last deployment left it. */
import { textOf } from "../words.ts";

/** Something that does not agree. */
export interface Wrong {
  found: string;
  /** A command, or what a person does. */
  mend: string;
}

/** What has been seen of one thing; nothing in it is secret. */
export interface Part {
  /** E.g. `access key`. */
  name: string;
  /** For people: what it is, and how it is. */
  lines: [what: string, how: string][];
  /** For programs. */
  data: unknown;
  wrong: Wrong[];
}

/** Looks at one thing. What it throws is what is wrong with it. */
export interface Look {
  name: string;
  look(): Promise<Omit<Part, "name">>;
}

/** Looks at all of them at once; where one cannot be seen, the others are. */
export async function lookAtAll(looks: Look[]): Promise<Part[]> {
  return Promise.all(
    looks.map(async ({ name, look }) => {
      try {
        return { name, ...(await look()) };
      } catch (reason) {
        return notSeen(name, reason);
      }
    }),
  );
}

/** A part that could not be looked at, and why. */
export function notSeen(name: string, reason: unknown): Part {
  const wrong = wrongIn(reason);
  return { name, lines: [["not seen", wrong.found]], data: null, wrong: [wrong] };
}

/** An error with its own remedy, or where there is one. */
function wrongIn(reason: unknown): Wrong {
  const { found, mend } = textOf(reason);
  const isDenied = /^AccessDenied/.test((reason as Error).name);
  const elsewhere = isDenied
    ? "attach the deployer's policy of docs/deployer.md to whose credentials these are"
    : "npm run --silent megatests -- doctor";
  return { found, mend: mend || elsewhere };
}
