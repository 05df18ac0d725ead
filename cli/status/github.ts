/** The part about what GitHub publishes. */
import { type PublishedVariable, SECRET } from "../stack/published.ts";
import { REFRESH } from "../words.ts";
import type { Wrong } from "./part.ts";
import type { PlatformExpected } from "./platform.ts";

/** Variables as the state would have them, and the secret. */
export function githubPart(
  all: PublishedVariable[],
  secretThere: boolean,
  { config: { githubOwner } }: PlatformExpected,
) {
  const wrong: Wrong[] = all
    .filter(({ says, wanted }) => says === undefined || says !== wanted)
    .map(({ name, says, wanted, known }) => ({
      found: `GitHub's variable ${name} ${says === undefined ? "is not set" : `says ${says}`}, the stack ${wanted ?? "has none"}`,
      mend:
        known || says === undefined
          ? REFRESH
          : `gh variable delete ${name} --org ${githubOwner}; then: pulumi up`,
    }));
  if (!secretThere)
    wrong.push({
      found: `GitHub's secret ${SECRET} is not set`,
      mend: REFRESH,
    });
  return {
    lines: [
      ...all.map(({ name, says }): [string, string] => [`variable ${name}`, says ?? "not set"]),
      [`secret ${SECRET}`, secretThere ? "set" : "not set"] as [string, string],
    ],
    data: {
      variables: Object.fromEntries(all.map(({ name, says }) => [name, says ?? null])),
      secrets: secretThere ? [SECRET] : [],
    },
    wrong,
  };
}
