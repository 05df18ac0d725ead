/** Puts into the stack's config how 1Password is reached and what is where. */
import { removeConfig, setConfig, setSecret, type ConfigFile } from "../../stack/config.ts";
import type { StackPlace } from "../../stack/place.ts";
import type { Connection } from "./look.ts";

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
  const changed = Object.entries(settings).filter(([key, value]) => config.get(key) !== value);
  if ("connectHost" in connection) {
    await setSecret(place, CONNECT, connection.connectToken);
    await setConfig(place, { ...Object.fromEntries(changed), [HOST]: connection.connectHost });
    await removeConfig(place, [TOKEN].filter(config.has));
  } else {
    await setSecret(place, TOKEN, connection.serviceAccountToken);
    await setConfig(place, Object.fromEntries(changed));
    await removeConfig(place, [HOST, CONNECT].filter(config.has));
  }
}
