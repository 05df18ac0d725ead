/** What a command says while it works: one line a thing, on standard error, so that standard output holds results only. */
import { styleText } from "node:util";
import type { Report, Say } from "../sandbox/toolchain/report.ts";

/** Where progress goes; `process.stderr`, or what a test reads. */
export interface Stream {
  write(text: string): unknown;
}

/** Prints progress, and measures. */
export interface Progress extends Report {
  line(text: string): void;
  /** What needs attention. */
  warn(text: string): void;
  error(text: string): void;
}

type Style = Parameters<typeof styleText>[0];

/** @param stream - @default process.stderr; colours only on a terminal, and not with NO_COLOR */
export function makeProgress(stream: Stream = process.stderr): Progress {
  const paint = (style: Style, text: string) =>
    stream === process.stderr ? styleText(style, text, { stream: process.stderr }) : text;
  const line = (text: string) => void stream.write(`${text}\n`);
  return {
    line,
    warn: (text) => line(paint("yellow", `warning: ${text}`)),
    error: (text) => line(paint("red", `error: ${text}`)),
    step: async <T>(title: string, work: (say: Say) => Promise<T>) => {
      const started = Date.now();
      const notes: string[] = [];
      const result = await work({
        note: (text) => void notes.push(text),
        slow: (text) => line(`  ${title.padEnd(12)} ${text} …`),
      });
      line(`  ${title.padEnd(12)} ${notes.join("; ")}  ${paint("dim", `${seconds(started)} s`)}`);
      return result;
    },
  };
}

/** Seconds since then, with one decimal. */
export function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
