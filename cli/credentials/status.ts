/** `megatests credentials status`, from its options to its last line. */
import { onePasswordProvider } from "../../providers.ts";
import { makeContext } from "../../secrets/context.ts";
import { openItems, openSources, surroundingsOf } from "../../secrets/index.ts";
import { hide } from "../redaction/index.ts";
import { findPlace, type StackPlace } from "../stack/place.ts";
import { withConfig } from "../stack/settings.ts";
import { type Check, checksKey, readChecks, writeChecks } from "./checks.ts";
import {
  advice,
  type Examined,
  examine,
  otherProblems,
  type SourceReport,
  sourcesTable,
  verdict,
} from "./report.ts";

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
  const { document, examined } = await lookAtSources(place);
  const texts = [sourcesTable(document.sources), otherProblems(examined), document.advice].filter(Boolean);
  process.stdout.write(`${json ? JSON.stringify(document, undefined, 2) : texts.join("\n")}\n`);
  const error = verdict(examined, place.stack);
  if (error) throw error;
}

/** Examines all of them at once, and remembers which were good. */
async function lookAtSources(place: StackPlace): Promise<{ document: StatusDocument; examined: Examined[] }> {
  const key = checksKey(place);
  const before = await readChecks(key);
  return withConfig(place, async (config) => {
    const hiding = { ...config, onSecret: hide };
    const items = openItems(config, onePasswordProvider(config.onepassword));
    const surroundings = surroundingsOf(hiding, items);
    const context = makeContext();
    const { awsAccountId: account, leastCredentialProtection } = config;
    const examined = await Promise.all(
      openSources(hiding, items).map((source) =>
        examine(source, { context, surroundings, account, before: before[source.title] }),
      ),
    );
    const sources = examined.map(({ report }) => report);
    await writeChecks(key, { ...before, ...goodOnes(sources) });
    const document = { stack: place.stack, leastCredentialProtection, sources, advice: advice(sources) };
    return { document, examined };
  });
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
