/** Something an operator can read: what went wrong, and lines that say what was got, what is allowed and what mends it. */
export class Fault extends Error {
  constructor(what: string, details: { ran?: string; got?: string; allowed?: string; mend?: string } = {}) {
    const lines = Object.entries(details).map(([label, text]) => `  ${`${label}:`.padEnd(9)}${text}`);
    super([what, ...lines].join("\n"));
  }
}
