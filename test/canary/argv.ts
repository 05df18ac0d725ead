/** Watches the arguments of every process on the machine, all the time. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A watch that runs. */
export interface ArgvWatch {
  /** Ends it. @returns every distinct command line seen, its words joined by spaces */
  end(): Promise<string[]>;
}

/** Starts the watch, in a process of its own: it must not stop while others work. */
export async function watchArgv(): Promise<ArgvWatch> {
  const sampler = fork(join(import.meta.dirname, "argv-sampler.ts"), { execArgv: [] });
  const ended = once(sampler, "exit").then(() =>
    Promise.reject(new Error("The watch over arguments has ended by itself")),
  );
  // Awaited only in races.
  ended.catch(() => undefined);
  await Promise.race([once(sampler, "message"), ended]);
  return {
    end: async () => {
      const answer = once(sampler, "message");
      sampler.send("end");
      const [seen] = (await Promise.race([answer, ended])) as [string[]];
      return seen;
    },
  };
}
