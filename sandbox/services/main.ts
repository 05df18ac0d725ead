/**
 * The process that runs a sandbox's services. It is started detached by `client.ts`, with its options as JSON in its one
 * argument (nothing secret is in them), and tells its starter by IPC when it is ready, or why not.
 */
import { openWorld } from "../world.ts";
import { DAEMON_OPTIONS, startDaemon } from "./daemon.ts";

/** What the starter is told. */
export type FirstWord = { ready: true } | { failed: string };

function tell(word: FirstWord): void {
  // The starter may be gone by now; then nobody waits for an answer.
  process.send?.(word, () => {
    if (process.connected) process.disconnect();
  });
}

// The terminal may go; the services stay until they are told.
process.on("SIGHUP", () => undefined);
process.on("SIGINT", () => undefined);

try {
  const options = DAEMON_OPTIONS.parse(JSON.parse(process.argv[2] ?? "null"));
  const daemon = await startDaemon(openWorld(options.folder), options);
  process.on("SIGTERM", () => void daemon.shutdown());
  tell({ ready: true });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
  tell({ failed: error instanceof Error ? error.message : String(error) });
}
