import * as pulumi from "@pulumi/pulumi";

/** A resource that was registered, with its inputs unwrapped. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The inputs that reached the engine marked as secret. */
  secrets: string[];
  provider: string | undefined;
}

/** Answers to functions, by token; a value or what makes one of the arguments. */
export type Answers = Record<string, (args: Record<string, unknown>) => Record<string, unknown>>;
/** What a created resource has besides its inputs, by type. */
export type States = Record<
  string,
  (inputs: Record<string, unknown>, name: string) => Record<string, unknown>
>;

/** How the engine's wire format marks a secret. */
const SECRET = "4dabf18193072939515e22adb298388d";
const isWrapped = (value: unknown): value is { value: unknown } =>
  typeof value === "object" && value !== null && SECRET in value;

/** Pulumi's engine for unit tests: records every registration, and throws on whatever nobody foresaw. */
export class RecordingMocks implements pulumi.runtime.Mocks {
  readonly registered: Registered[] = [];
  readonly called: { token: string; args: Record<string, unknown> }[] = [];
  readonly #states: States;
  readonly #answers: Answers;

  constructor(states: States, answers: Answers = {}) {
    this.#states = states;
    this.#answers = answers;
  }

  newResource({ type, name, inputs, provider }: pulumi.runtime.MockResourceArgs) {
    const state = this.#states[type];
    if (!state) throw new Error(`no test foresaw a resource of type ${type} (${name})`);
    const given = inputs as Record<string, unknown>;
    const secrets = Object.keys(given).filter((key) => isWrapped(given[key]));
    const plain = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, isWrapped(value) ? value.value : value]),
    );
    this.registered.push({ type, name, inputs: plain, secrets, provider });
    const outputs = { ...given, ...state(plain, name) } as Record<string, unknown>;
    return { id: typeof outputs["id"] === "string" ? outputs["id"] : `${name}-id`, state: outputs };
  }

  call({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    const answer = this.#answers[token];
    if (!answer) throw new Error(`no test foresaw a call of ${token}`);
    this.called.push({ token, args: inputs as Record<string, unknown> });
    return answer(inputs as Record<string, unknown>);
  }

  /** The only one of a type. */
  one(type: string): Registered {
    const all = this.of(type);
    if (all.length !== 1 || !all[0]) throw new Error(`${all.length} resources of type ${type}`);
    return all[0];
  }

  of(type: string): Registered[] {
    return this.registered.filter((each) => each.type === type);
  }
}

/** Puts the mocks in place, for project AWSMegatests and stack test. */
export async function useMocks(mocks: RecordingMocks, { preview = false } = {}): Promise<void> {
  await settled();
  await pulumi.runtime.setMocks(mocks, "AWSMegatests", "test", preview);
  // The SDK's own mock engine knows no resource hooks; end-to-end tests see them run.
  type Register = (request: unknown, done: (error: null, answer: object) => void) => void;
  const engine = pulumi.runtime.getMonitor() as unknown as Record<string, Register>;
  engine["registerResourceHook"] = engine["registerErrorHook"] = (_request, done) => done(null, {});
}

/** Waits until every registration under way has been answered. */
export function settled(): Promise<void> {
  return (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

/** The value of an output, awaited. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => void output.apply((value) => resolve(value as pulumi.Unwrap<T>)));
}
