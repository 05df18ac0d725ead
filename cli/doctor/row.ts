/** One precondition, checked: passed, failed with what mends it, or not applicable with the reason. Never a guess. */
import { UnlockRequired } from "../../secrets/sources/index.ts";
import { textOf } from "../words.ts";

/** Something that `--fix` may do: it adds, and takes nothing away. */
export interface Fix {
  /** What it does, in words. */
  does: string;
  work(): Promise<void>;
}

/** What a check has found; `locked` where a person has to sign in, and nothing else is wrong. A value is what other checks go on with. */
export type Finding<T> =
  | { state: "pass"; found: string; value: T }
  | { state: "fail"; found: string; mend: string; fix?: Fix; locked?: true }
  | { state: "not applicable"; found: string };

/** A check under way. */
export interface Row<T> {
  group: string;
  /** Unique: CREDENTIALS.md speaks of it by this name. */
  name: string;
  finding: Promise<Finding<T>>;
}

const UNMET = "not checked: ";

/** A check that cannot be made, because another one has not passed. */
class Unmet extends Error {}

/** @throws Unmet where the row has no value, which makes the asking row not applicable */
export async function need<T>(row: Row<T>): Promise<T> {
  const finding = await row.finding;
  if (finding.state === "pass") return finding.value;
  if (finding.state === "fail") throw new Unmet(`${UNMET}${row.name} fails`);
  // The row at the bottom of it is the one to mend.
  throw new Unmet(finding.found.startsWith(UNMET) ? finding.found : `${UNMET}${row.name} is not applicable`);
}

/** Passed; a check on which no other depends has no value. */
export function pass(found: string): Finding<undefined>;
export function pass<T>(found: string, value: T): Finding<T>;
export function pass<T>(found: string, value?: T): Finding<T | undefined> {
  return { state: "pass", found, value };
}

/** Failed. @param mend a command, or what a person does */
export function fail(found: string, mend: string, fix?: Fix): Finding<never> & { state: "fail" } {
  return { state: "fail", found, mend, ...(fix && { fix }) };
}

/** There is nothing to check. */
export function notApplicable(found: string): Finding<never> {
  return { state: "not applicable", found };
}

/** All rows of one check-up, in the order in which they are shown. Each starts when it is added. */
export class Checkup {
  readonly rows: Row<unknown>[] = [];
  readonly #milliseconds: number;

  /** @param milliseconds after which a check is given up: a service may never answer */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** Starts a check. What it throws is its failure; a Fault names its own remedy. */
  add<T>(group: string, name: string, check: () => Promise<Finding<T>> | Finding<T>): Row<T> {
    const row = { group, name, finding: this.#settled(check) };
    this.rows.push(row);
    return row;
  }

  async #settled<T>(check: () => Promise<Finding<T>> | Finding<T>): Promise<Finding<T>> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Finding<never>>((resolve) => {
      const seconds = this.#milliseconds / 1000;
      const silent = fail(`no answer within ${seconds} seconds`, "look whether the service can be reached");
      timer = setTimeout(() => resolve(silent), this.#milliseconds);
    });
    try {
      // Not before the caller has the row in its hands.
      return await Promise.race([Promise.resolve().then(check), late]);
    } catch (reason) {
      if (reason instanceof Unmet) return notApplicable(reason.message);
      const { found, mend } = textOf(reason);
      const failed = fail(found, mend || "look into what it says");
      return reason instanceof UnlockRequired ? { ...failed, locked: true } : failed;
    } finally {
      clearTimeout(timer);
    }
  }
}
