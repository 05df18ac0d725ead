/** What the credential context refuses, in words. */
import { Fault } from "../fault.ts";

/** @param names those that are set */
export function missing(name: string, names: string[]): Fault {
  return new Fault("There are no credentials of this name.", {
    got: name,
    allowed: [...new Set(names)].sort().join(", ") || "none: no credentials have been set",
    mend: "npm run --silent megatests -- credentials status, which shows where they come from",
  });
}

/** Somebody asks for what is wiped already. */
export function cleared(name: string): Fault {
  return new Fault("These credentials were cleared: the work they were for has ended.", {
    got: name,
    allowed: "credentials that are set while they are used",
    mend: "run the command again",
  });
}

/** The clock is wrong, here or there. */
export function ended(name: string, expiration: Date): Fault {
  return new Fault("The source gives credentials that have ended already.", {
    got: `${name}, ended at ${expiration.toISOString()}`,
    allowed: "credentials that last",
    mend: "date -u, and where it is wrong put the clock right; else npm run --silent megatests -- credentials status",
  });
}
