/** Labels of a new compute environment: each is looked up and made when it is not there. */
import { TowerError, errorText } from "../errors.ts";
import type { PlatformApi } from "../platform-api.ts";
import type { Label } from "./find.ts";

const PAGE = 100;

/** `--labels`: resource labels, `name=value`. @throws TowerError when one is not of that form */
export function resourceLabels(texts: readonly string[]): Label[] {
  return texts.map((text) => {
    const [name = "", value, ...more] = text.split("=");
    if (more.length > 0) throw new TowerError("Invalid label format");
    if (name.trim() === "") throw new TowerError("Label key cannot be empty");
    if (value === undefined) throw new TowerError("Label value is required");
    if (value.trim() === "") throw new TowerError("Label value cannot be empty");
    return { name, value };
  });
}

/** Ids of the labels, in their order. */
export async function labelIds(
  api: PlatformApi,
  workspaceId: number | undefined,
  labels: readonly Label[],
): Promise<number[]> {
  const ids: number[] = [];
  for (const label of labels)
    ids.push((await find(api, workspaceId, label)) ?? (await create(api, workspaceId, label)));
  return ids;
}

interface Page {
  labels: { id: number; name: string; value?: string | null }[];
  totalSize: number;
}

async function find(
  api: PlatformApi,
  workspaceId: number | undefined,
  label: Label,
): Promise<number | undefined> {
  const type = typeof label.value === "string" ? "resource" : "simple";
  const query = { workspaceId, max: PAGE, search: label.name, type };
  for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
    const page = await failing("Failed to list labels", () => api.get<Page>("/labels", { ...query, offset }));
    total = page.totalSize;
    const found = page.labels.find(
      ({ name, value }) => name === label.name && (type === "simple" || value === label.value),
    );
    if (found !== undefined) return found.id;
  }
  return undefined;
}

async function create(
  api: PlatformApi,
  workspaceId: number | undefined,
  { name, value }: Label,
): Promise<number> {
  const body = typeof value === "string" ? { name, value, resource: true } : { name };
  const shown = typeof value === "string" ? `${name}=${value}` : name;
  const what = `Failed to create label '${shown}' in workspace '${workspaceId ?? "user"}'`;
  return (await failing(what, () => api.post<{ id: number }>("/labels", { workspaceId }, body))).id;
}

async function failing<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new TowerError(`${what} [${errorText(cause)}]`, { cause });
  }
}
