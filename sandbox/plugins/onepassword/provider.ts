/** Stand-in for the `onepassword` provider plugin: vaults and items read from a 1Password Connect server. */
import { loopbackOnly } from "../kit/loopback.ts";
import type { Provider } from "../kit/resource.ts";
import { text } from "../kit/values.ts";
import { installedVersion } from "../kit/version.ts";
import { ConnectClient } from "./connect.ts";
import { itemResult } from "./item.ts";

/**
 * Chooses the way to 1Password as the real provider does, `OP_...` of the plugin's environment standing in for absent
 * arguments, and refuses every way but Connect.
 *
 * @param variables the provider's arguments
 * @param environment of the plugin's process
 * @throws the real provider's "Config conflict" where arguments exclude each other
 */
export async function configure(
  variables: Record<string, string>,
  environment: Record<string, string | undefined> = process.env,
): Promise<ConnectClient> {
  const url = variables.url ?? environment.OP_CONNECT_HOST;
  const token = variables.token ?? environment.OP_CONNECT_TOKEN;
  const serviceAccountToken = variables.serviceAccountToken ?? environment.OP_SERVICE_ACCOUNT_TOKEN;
  const account = variables.account ?? environment.OP_ACCOUNT;

  if ((serviceAccountToken || account) && (url || token))
    throw new Error(
      `Config conflict: Either Connect credentials ("token" and "url") or 1Password CLI ("service_account_token" or ` +
        `"account") credentials can be set. Both are set. Please unset one of them.`,
    );
  if (serviceAccountToken && account)
    throw new Error(
      `Config conflict: "service_account_token" and "account" are set. Please unset one of them to use the provider ` +
        `with 1Password CLI.`,
    );
  if (serviceAccountToken || account)
    throw new Error(
      `the onepassword plugin of the sandbox is a stand-in that speaks 1Password Connect only: it has no use for a ` +
        `service account token or an account. Give the provider url and token, or use the real plugin: ` +
        `npm run sandbox -- --real`,
    );
  if (!url || !token)
    throw new Error(
      `Invalid provider configuration. Either Connect credentials ("token" and "url") or Service Account ` +
        `("service_account_token" or "account") credentials should be set.`,
    );
  return new ConnectClient(await loopbackOnly(url, "url"), token);
}

/** The `onepassword` stand-in. */
export const onepassword: Provider<ConnectClient> = {
  name: "onepassword",
  version: installedVersion("@1password/pulumi-onepassword"),
  configure: (variables) => configure(variables),
  resources: {},
  functions: {
    "onepassword:index/getVault:getVault": async (connect, args) => {
      const [name, uuid] = [text(args, "name"), text(args, "uuid")];
      exactlyOne("name", name, uuid);
      const vault = await said(
        "Unable to read vault",
        uuid ? connect.vault(uuid) : vaultNamed(connect, name as string),
      );
      return { id: `vaults/${vault.id}`, uuid: vault.id, name: vault.name, description: vault.description };
    },
    "onepassword:index/getItem:getItem": async (connect, args) => {
      const [vault, title, uuid] = [text(args, "vault"), text(args, "title"), text(args, "uuid")];
      if (vault === undefined) throw new Error(`Missing required argument: "vault" has no value`);
      exactlyOne("title", title, uuid);
      const found = title ? connect.itemTitled(title, vault) : connect.item(uuid as string, vault);
      return itemResult(await said("Unable to read item", found));
    },
  },
};

async function vaultNamed(connect: ConnectClient, name: string) {
  const found = await connect.vaultsNamed(name);
  // The real one prints the name in quotes of its own.
  if (found.length === 0) throw new ReadyText(`No vault found with name '"${name}"'`);
  if (found.length > 1) throw new ReadyText(`Multiple vaults found with name '"${name}"'`);
  return connect.vault((found[0] as { id: string }).id);
}

/** An error that is not about a request, and so is told as it is. */
class ReadyText extends Error {}

async function said<T>(doing: string, call: Promise<T>): Promise<T> {
  return call.catch((error: Error) => {
    const text = error instanceof ReadyText ? error.message : `${doing}, got error: ${error.message}`;
    throw new Error(`Client Error: ${text}`, { cause: error });
  });
}

function exactlyOne(key: string, one: string | undefined, uuid: string | undefined): void {
  if (!one === !uuid)
    throw new Error(
      `Invalid Attribute Combination: ${one ? "2" : "No"} attributes specified when one (and only one) of ` +
        `[${key},uuid] is required`,
    );
}
