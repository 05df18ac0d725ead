/** One right that a request needed, and what came of it. */
export interface Judgement {
  /** ISO 8601. */
  at: string;
  /** ARN of the user or session. */
  principal: string;
  /** E.g. `batch:SubmitJob`; of a request that could not be read, service and request. */
  action: string;
  /** An ARN, or `*` where AWS binds the action to none; empty where the request could not be read. */
  resource: string;
  /** All condition keys that policies were shown. */
  context: Record<string, string | string[]>;
  /** `Unjudged`: denied since the sandbox could not read the request. */
  result: "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied" | "Unjudged";
  /** Sids of the identity statements that allow it. */
  allowedBy: string[];
}

/** The life cycle of a stack is some thousands of calls; the prober makes seven a second besides. */
const LONGEST = 20_000;

/** The record of all that was judged, oldest first; the oldest are forgotten. */
export class Judgements {
  #all: Judgement[] = [];

  add(judged: Judgement[]): void {
    this.#all.push(...judged);
    if (this.#all.length > LONGEST) this.#all = this.#all.slice(-LONGEST / 2);
  }

  get all(): Judgement[] {
    return [...this.#all];
  }

  clear(): void {
    this.#all = [];
  }
}
