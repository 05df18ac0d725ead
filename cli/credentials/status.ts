/** `megatests credentials status`, from its options to its last line. */
import { onePasswordProvider } from "../../providers.ts";
import { openItems, openSources, surroundingsOf } from "../../secrets/index.ts";
import { findPlace, type StackPlace } from "../stack/place.ts";
import { withConfig } from "../stack/settings.ts";
import { type Check, readChecks, writeChecks } from "./checks.ts";
import { advice, examine, type SourceReport, sourcesTable, verdict } from "./report.ts";

/** The document of `--json`. */
export interface StatusDocument {
  stack: string;
  /** The least a source must protect. */
  leastCredentialProtection: string;
  /** In the order in which they are tried. */
  sources: SourceReport[];
  /** What can be better, in words. */
  advice?: string;
}

/** @throws what a deployment would stop with: UnlockRequired, NoCredentials, or the error of the source it would use */
export async function status({ stack, json }: { stack?: string; json: boolean }): Promise<void> {
  const place = await findPlace(stack);
  const { document, error } = await lookAtSources(place);
  if (json) process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  else
    process.stdout.write(`${[sourcesTable(document.sources), document.advice].filter(Boolean).join("\n")}\n`);
  if (error) throw error;
}

/** Examines all of them at once, and remembers which were good. */
async function lookAtSources(place: StackPlace): Promise<{ document: StatusDocument; error?: Error }> {
  const key = checksKey(place);
  const before = await readChecks(key);
  return withConfig(place, async (config) => {
    const items = openItems(config, onePasswordProvider(config.onepassword));
    const surroundings = surroundingsOf(config, items);
    const all = await Promise.all(
      openSources(config, items).map((source) =>
        examine(source, surroundings, config.awsAccountId, before[source.title]),
      ),
    );
    const reports = all.map(({ report }) => report);
    await writeChecks(key, { ...before, ...goodOnes(reports) });
    const { leastCredentialProtection } = config;
    const document = {
      stack: place.stack,
      leastCredentialProtection,
      sources: reports,
      advice: advice(reports),
    };
    return { document, error: verdict(all) };
  });
}

/** By which the checks of a stack are kept. */
export function checksKey({ folder, stack }: StackPlace): string {
  return `${folder} ${stack}`;
}

function goodOnes(reports: SourceReport[]): Record<string, Check> {
  const good = reports.filter(({ state }) => state === "good");
  return Object.fromEntries(
    good.map(({ source, lastCheck: at = "", account = "", identity: arn = "" }) => [
      source,
      { at, account, arn },
    ]),
  );
}
