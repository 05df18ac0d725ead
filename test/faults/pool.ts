/** Workers side by side: they wait more than they work. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Cell, Outcome } from "./cell.ts";
import type { PartName } from "./part.ts";
import type { Spot } from "./spot.ts";
import type { Answer, Question } from "./worker.ts";

/** Workers that are ready, or about to be. */
export interface Pool {
  /** Records good deployments of a part, one in each world. @returns the calls that all of them make */
  record(part: PartName): Promise<Spot[]>;
  /** Tries all cells; `tried` is told of each as it ends. A worker that ends by itself fails its cell. */
  tryAll(cells: Cell[], tried: (outcome: Outcome) => void): Promise<void>;
  close(): Promise<void>;
}

/** @param count - of workers, each with a world of its own */
export function makePool(count: number): Pool {
  const workers = Array.from({ length: count }, hire);
  return {
    record: async (part) => {
      const [first = [], ...others] = await Promise.all(workers.map((worker) => recorded(worker, part)));
      // How often something is waited for differs from run to run: a call that not every run makes is no spot.
      const always = first.filter(({ name }) =>
        others.every((spots) => spots.some((each) => each.name === name)),
      );
      return always.map((spot, at) => ({ ...spot, n: at + 1 }));
    },
    tryAll: async (cells, tried) => {
      const waiting = [...cells];
      const work = async (at: number) => {
        for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
          const answer = await workers[at]!.ask({ try: cell });
          if ("outcome" in answer) tried(answer.outcome);
          else {
            tried(broken(cell, "failed" in answer ? answer.failed : "the worker has tried nothing"));
            await workers[at]!.close();
            workers[at] = hire();
          }
        }
      };
      await Promise.all(workers.map((_, at) => work(at)));
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

interface Worker {
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

async function recorded(worker: Worker, part: PartName): Promise<Spot[]> {
  const answer = await worker.ask({ record: part });
  if ("spots" in answer) return answer.spots;
  throw new Error("failed" in answer ? answer.failed : "The worker has recorded nothing");
}

function hire(): Worker {
  const child: ChildProcess = fork(join(import.meta.dirname, "worker.ts"), { execArgv: [] });
  const ended = once(child, "exit");
  const word = () =>
    Promise.race([
      once(child, "message").then(([answer]) => answer as Answer),
      ended.then((): Answer => ({ failed: "the worker has ended by itself" })),
    ]);
  const ready = word();
  return {
    ask: async (question) => {
      await ready;
      if (!child.connected) return { failed: "the worker has ended by itself" };
      const answer = word();
      child.send(question);
      return answer;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function broken(cell: Cell, reason: string): Outcome {
  const prober = { calls: 0, refused: 0, unanswered: 0 };
  return { cell, reasons: [reason], seconds: 0, first: "unknown", prober, texts: [] };
}
