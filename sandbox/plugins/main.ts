/**
 * Starts stand-in provider plugins of the sandbox: `node sandbox/plugins/main.ts NAME...`
 *
 * The first line printed is the port of the one asked for, as every Pulumi plugin prints it. Of several, one process
 * hosts all, and the line is the value of `PULUMI_DEBUG_PROVIDERS` that attaches them: `aws:4001,command:4002`.
 */
import { aws } from "./aws/provider.ts";
import { command } from "./command/provider.ts";
import { github } from "./github/provider.ts";
import { serve } from "./kit/server.ts";
import { onepassword } from "./onepassword/provider.ts";

const starters = new Map([
  ["aws", () => serve(aws)],
  ["command", () => serve(command)],
  ["onepassword", () => serve(onepassword)],
  ["github", () => serve(github)],
]);

/** The names of the plugins there are. */
export const pluginNames: readonly string[] = [...starters.keys()];

/**
 * Starts plugins in this process.
 *
 * @param names of the plugins, each one of {@link pluginNames}
 * @returns the port on 127.0.0.1 of each, in the order asked for
 * @throws when there is no plugin of a name
 */
export async function startPlugins(names: readonly string[]): Promise<{ name: string; port: number }[]> {
  return Promise.all(
    names.map(async (name) => {
      const start = starters.get(name);
      if (!start) throw new Error(`no stand-in plugin "${name}": there are ${pluginNames.join(", ")}`);
      return { name, port: await start() };
    }),
  );
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  if (names.length === 0) {
    process.stderr.write(`usage: node sandbox/plugins/main.ts NAME...   (NAME: ${pluginNames.join(", ")})\n`);
    process.exit(2);
  }
  const started = await startPlugins(names);
  const line = started
    .map(({ name, port }) => (started.length === 1 ? String(port) : `${name}:${port}`))
    .join(",");
  process.stdout.write(`${line}\n`);
}
