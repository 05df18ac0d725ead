/** Puts into the stack's config how 1Password is reached and what is where. */
import { removeConfig, setConfig, type ConfigFile } from "../../stack/config.ts";
import type { StackPlace } from "../../stack/place.ts";
import type { Connection } from "./setup.ts";

const NAMESPACE = "pulumi-onepassword";
const TOKEN = `${NAMESPACE}:service_account_token`;
const HOST = `${NAMESPACE}:connect_host`;
const CONNECT = `${NAMESPACE}:connect_token`;

/**
 * The token first, encrypted by the stack's secrets provider: where that fails, nothing is changed.
 * @param settings values by full key; `KEY[0]` is a list's first entry
 */
export async function writeSettings(
  place: StackPlace,
  connection: Connection,
  config: ConfigFile,
  settings: Record<string, string>,
): Promise<void> {
  if ("connectHost" in connection) {
    await setConfig(place, CONNECT, connection.connectToken, { secret: true });
    await setConfig(place, HOST, connection.connectHost);
    await removeConfig(place, [TOKEN].filter(config.has));
  } else {
    await setConfig(place, TOKEN, connection.serviceAccountToken, { secret: true });
    await removeConfig(place, [HOST, CONNECT].filter(config.has));
  }
  const changed = Object.entries(settings).filter(([key, value]) => config.get(key) !== value);
  for (const [key, value] of changed) await setConfig(place, key, value, { path: key.endsWith("[0]") });
}
