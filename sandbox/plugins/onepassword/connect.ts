/** The part of the 1Password Connect API that looking up items needs, asked for as 1Password's Go client does. */
import ky, { HTTPError } from "ky";
import { z } from "zod";

/** Ids of vaults and items; anything else is taken for a title. */
const UUID = /^[a-z0-9]{26}$/;

const vaultSchema = z.object({ id: z.string(), name: z.string(), description: z.string().default("") });

const sectionRef = z.object({ id: z.string() });

const itemSchema = z.object({
  id: z.string(),
  title: z.string(),
  category: z.string(),
  vault: z.object({ id: z.string() }),
  tags: z.array(z.string()).default([]),
  urls: z.array(z.object({ href: z.string(), primary: z.boolean().default(false) })).default([]),
  sections: z.array(z.object({ id: z.string(), label: z.string().default("") })).default([]),
  fields: z
    .array(
      z.object({
        id: z.string(),
        label: z.string().default(""),
        type: z.string().default("STRING"),
        purpose: z.string().default(""),
        value: z.string().default(""),
        section: sectionRef.nullish(),
      }),
    )
    .default([]),
});

/** A vault as Connect gives it. */
export type Vault = z.infer<typeof vaultSchema>;

/** An item as Connect gives it, with its values. */
export type Item = z.infer<typeof itemSchema>;

/** A Connect server. */
export class ConnectClient {
  #get: (path: string, query?: Record<string, string>) => Promise<unknown>;

  /**
   * @param url without a path, for instance `http://127.0.0.1:8080`
   * @param token of the server; never part of an error
   */
  constructor(url: string, token: string) {
    const http = ky.create({
      prefixUrl: url,
      headers: { authorization: `Bearer ${token}` },
      retry: 0,
      timeout: 30_000,
    });
    this.#get = async (path, query = {}) => {
      try {
        return await http.get(path, { searchParams: query }).json();
      } catch (error) {
        throw error instanceof HTTPError ? await connectError(error) : error;
      }
    };
  }

  /** @throws the real client's text when there is no such vault, or the token does not open it */
  async vault(id: string): Promise<Vault> {
    return vaultSchema.parse(await this.#get(`v1/vaults/${id}`));
  }

  /** @returns all vaults of that name */
  async vaultsNamed(name: string): Promise<Vault[]> {
    return z.array(vaultSchema).parse(await this.#get("v1/vaults", { filter: `title eq "${name}"` }));
  }

  /** @throws the real client's text when there is no such item */
  async item(id: string, vault: string): Promise<Item> {
    if (!UUID.test(id)) return this.itemTitled(id, vault);
    return itemSchema.parse(await this.#get(`v1/vaults/${await this.#vaultId(vault)}/items/${id}`));
  }

  /** @throws the real client's text unless exactly one item has that title */
  async itemTitled(title: string, vault: string): Promise<Item> {
    const vaultId = await this.#vaultId(vault);
    const found = await this.#get(`v1/vaults/${vaultId}/items`, { filter: `title eq "${title}"` });
    const ids = z
      .array(sectionRef)
      .parse(found)
      .map(({ id }) => id);
    const items = await Promise.all(ids.map((id) => this.item(id, vaultId)));
    if (items.length !== 1)
      throw new Error(`Found ${items.length} item(s) in vault "${vaultId}" with title "${title}"`);
    return items[0] as Item;
  }

  async #vaultId(vault: string): Promise<string> {
    if (UUID.test(vault)) return vault;
    const found = await this.vaultsNamed(vault);
    if (found.length !== 1) throw new Error(`Found ${found.length} vaults with title "${vault}"`);
    return (found[0] as Vault).id;
  }
}

async function connectError({ response }: HTTPError): Promise<Error> {
  const said = z.object({ message: z.string() }).safeParse(await response.json().catch(() => undefined));
  return new Error(`status ${response.status}: ${said.success ? said.data.message : response.statusText}`);
}
