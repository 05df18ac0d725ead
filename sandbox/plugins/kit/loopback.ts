/** Stand-ins carry what may be real tokens and keys: they talk to this machine only. */
import { lookup } from "node:dns/promises";
import { isIPv4 } from "node:net";

type Resolve = (host: string, options: { all: true }) => Promise<{ address: string }[]>;

/**
 * Makes sure that a service is on this machine before anything is sent to it.
 *
 * @param url the service's address
 * @param setting where the address came from, for the error
 * @param resolve finds the addresses of a host. @default the system's resolver
 * @throws when it is no URL, or its host is (or resolves to) anything but a loopback address
 */
export async function loopbackOnly(url: string, setting: string, resolve: Resolve = lookup): Promise<string> {
  if (!URL.canParse(url))
    throw new Error(`${setting} is ${JSON.stringify(url)}: it must be an http:// or https:// URL`);
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (host === "localhost" || host.endsWith(".localhost")) return url;
  const addresses = await resolve(host, { all: true }).catch(() => []);
  if (addresses.length === 0 || !addresses.every(({ address }) => isLoopback(address)))
    throw new Error(
      `${setting} is ${url}: this is a stand-in plugin of the sandbox, and it talks to this machine only ` +
        `(127.0.0.1, ::1, localhost). For the real service use the real plugin: npm run sandbox -- --real`,
    );
  return url;
}

function isLoopback(address: string): boolean {
  return isIPv4(address) ? address.startsWith("127.") : address === "::1";
}
