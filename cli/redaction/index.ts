/** The safety net under everything the command line prints: known secrets, in whatever form, become `[secret]`. */
import { StringDecoder } from "node:string_decoder";
import { hiddenForms, hideEnvironment } from "./known.ts";
import { redactingWriter } from "./writer.ts";

export { hide } from "./known.ts";

/**
 * Stretches it under standard output and standard error of this process, and so under what its children print, which
 * passes through here. To be called once, before anything is printed.
 */
export function hideSecretsInOutput(): void {
  hideEnvironment();
  stretch(process.stdout);
  stretch(process.stderr);
  // Node would print it past the net, with a stack.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(1);
  });
}

function stretch(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (text: string, done?: (error?: Error | null) => void) => boolean;
  const decoder = new StringDecoder("utf8");
  let flowing = true;
  const writer = redactingWriter(hiddenForms, (text) => void (flowing = write(text)));
  const netted = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean => {
    const text =
      typeof chunk === "string"
        ? Buffer.from(chunk, typeof encoding === "string" ? encoding : undefined)
        : Buffer.from(chunk);
    flowing = true;
    writer.write(decoder.write(text));
    const told = typeof encoding === "function" ? encoding : done;
    if (told) write("", told);
    return flowing;
  };
  stream.write = netted;
  // What is held back at the end was no beginning.
  process.on("exit", () => {
    writer.write(decoder.end());
    writer.end();
  });
}
