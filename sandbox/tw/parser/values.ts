/** What was given to one command, read by the option's longest name without dashes. */
export class Values {
  readonly #options = new Map<string, string | boolean | string[]>();
  /** Positional arguments in order. */
  readonly parameters: string[] = [];

  has(key: string): boolean {
    return this.#options.has(key);
  }

  set(key: string, value: string | boolean | string[]): void {
    this.#options.set(key, value);
  }

  /** A text option; undefined when it was not given. */
  text(key: string): string | undefined {
    const value = this.#options.get(key);
    return typeof value === "string" ? value : undefined;
  }

  /** A whole-number option; undefined when it was not given. */
  number(key: string): number | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : Number(value);
  }

  /** A list option; undefined when it was not given. */
  list(key: string): string[] | undefined {
    const value = this.#options.get(key);
    return Array.isArray(value) ? value : undefined;
  }

  /** A flag; false when it was not given. */
  flag(key: string): boolean {
    return this.#options.get(key) === true;
  }

  /** A text option the parser has already insisted on. */
  required(key: string): string {
    const value = this.text(key);
    if (value === undefined) throw new Error(`The option --${key} is read but not declared as required.`);
    return value;
  }
}
