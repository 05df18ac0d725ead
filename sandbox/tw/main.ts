#!/usr/bin/env node
/**
 * Stand-in for Seqera's `tw` 0.38 command line, for machines where the real one cannot be fetched. It knows the commands
 * a deployment and seqerakit need and sends the requests the real one sends.
 */
import { run } from "./run.ts";

process.exitCode = await run(process.argv.slice(2), process.env, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
