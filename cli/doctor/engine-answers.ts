/** What the engine says about the stack: asked all at once, for each question takes it a third of a second. */
import { z } from "zod";
import { type ShownConfig, showConfig } from "../stack/config.ts";
import { askEngine, EngineSilent, selectedStack, type StackPlace } from "../stack/place.ts";
import { readState, stateOf, type StackState } from "../stack/state.ts";

const whoAmI = z.object({ url: z.string(), user: z.string() });

/** Each rejects with the engine's own words. */
export interface EngineAnswers {
  backend: Promise<z.infer<typeof whoAmI>>;
  /** The stack's name, as it was typed or is selected. */
  stack: Promise<string>;
  config: Promise<ShownConfig>;
  state: Promise<StackState>;
  /** The access key that the state has of the infrastructure; undefined before the first deployment. */
  stateKeyId: Promise<string | undefined>;
}

/** Asks about the stack that is named, or else selected. @param place `stack` is empty where none was named */
export function askAll(place: StackPlace): EngineAnswers {
  const exported = askEngine(place, ["stack", "export", "--show-secrets"]);
  const answers = {
    // The command is not about a stack, and takes none.
    backend: askEngine({ ...place, stack: "" }, ["whoami", "--json"]).then((text) =>
      whoAmI.parse(JSON.parse(text)),
    ),
    stack: place.stack ? Promise.resolve(place.stack) : selectedStack(place),
    config: showConfig(place),
    // Where the secrets do not open, the rest of the state can be read all the same.
    state: exported.then(
      (text) => stateOf(JSON.parse(text)),
      // One that does not answer is not asked again.
      (reason: unknown) => (reason instanceof EngineSilent ? Promise.reject(reason) : readState(place)),
    ),
    stateKeyId: exported.then(stateKeyId),
  };
  // Whoever needs one says so.
  for (const answer of Object.values(answers)) answer.catch(() => undefined);
  return answers;
}

const awsProvider = z.object({
  type: z.literal("pulumi:providers:aws"),
  inputs: z.object({ accessKey: z.object({ plaintext: z.string() }) }),
});

/** Of all that the export holds in clear, the one thing that is no secret. */
function stateKeyId(exported: string): string | undefined {
  const { deployment } = JSON.parse(exported) as { deployment: { resources?: unknown[] } };
  const all = (deployment.resources ?? []).map((resource) => awsProvider.safeParse(resource));
  const text = all.find(({ success }) => success)?.data?.inputs.accessKey.plaintext;
  return text === undefined ? undefined : (JSON.parse(text) as string);
}
