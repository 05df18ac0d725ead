/** Tells whoever waits what is going on, and how long each part took. */
export interface Report {
  /**
   * Runs one part of the work, then says how it ended and how many seconds it took.
   * @param title - what is being prepared, for instance `engine`
   * @param work - gets `note`, which adds to the line that is printed at the end, and `slow`, which announces at once
   *   something that takes more than a few seconds
   */
  step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T>;
}

/** What a part of the work can say about itself. */
export interface Say {
  note(text: string): void;
  slow(text: string): void;
}

/** Says nothing; for tests and for work nobody watches. */
export const silent: Report = {
  step: (_title, work) => work({ note: () => {}, slow: () => {} }),
};
