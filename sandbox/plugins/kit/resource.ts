/** What a stand-in plugin says about one resource type; `lifecycle.ts` derives check, diff and preview from it. */
import type { Props } from "./values.ts";

/** One argument of a resource, in the terms of a Terraform schema. */
export interface Property {
  /** The program must give it. @default false */
  required?: true;
  /** A change makes a new resource (Terraform's ForceNew). @default false */
  replaces?: true;
  /** Left out by the program it keeps whatever value there is (Optional and Computed). @default false */
  computed?: true;
  /** Filled in when the program leaves it out. @default none */
  default?: unknown;
  /** Values allowed. @default any */
  oneOf?: readonly string[];
  /** Turns what the program may write into the one form stored. @default as written */
  normalize?: (value: unknown) => unknown;
  /** Whether two values mean the same. @default deep equality, empty and absent alike */
  same?: (one: unknown, other: unknown) => boolean;
}

/** What a call on a resource is made with. */
export interface CallContext<Session> {
  /** What the provider made of its configuration. */
  session: Session;
  /** The resource's URN. */
  urn: string;
  /** Shows one line to the person who runs the deployment; passing, not kept. */
  log: (line: string) => void;
  /** Aborted when the engine cancels its operations. */
  signal: AbortSignal;
}

/** A resource type: its schema, and the calls that make it so. Values come in without marks for secrets. */
export interface ResourceType<Session> {
  properties: Record<string, Property>;
  /** Outputs that are no arguments. */
  computed: readonly string[];
  /** Those outputs that an update may change, unknown in its preview. @default none */
  volatile?: readonly string[];
  /** Outputs always marked as secret. @default none */
  secrets?: readonly string[];
  /** The argument that gets a generated name, the URN's name and seven hex digits, when absent. @default none */
  autoname?: string;
  /** Outputs that follow from arguments and configuration, and so are known and compared before any call. @default none */
  planned?: (session: Session, inputs: Props) => Props;
  /** Drift between outputs alone that a deployment mends, as names of outputs. @default none */
  drifted?: (olds: Props) => string[];
  /** Reasons against a combination of arguments, by argument. @default none */
  validate?: (inputs: Props) => Record<string, string>;
  create(context: CallContext<Session>, inputs: Props): Promise<{ id: string; outs: Props }>;
  /** @returns the outputs as they really are, or undefined when it does not exist; `known` is empty on an import */
  read(context: CallContext<Session>, id: string, known: Props): Promise<Props | undefined>;
  /** @returns the outputs after the change */
  update(context: CallContext<Session>, id: string, olds: Props, news: Props): Promise<Props>;
  delete(context: CallContext<Session>, id: string, olds: Props): Promise<void>;
}

/** A stand-in provider: its configuration, its resources by type token, its functions by token. */
export interface Provider<Session> {
  /** Package name, as in the tokens. */
  name: string;
  /** Reported to the engine, which wants at least the version of the SDK. */
  version: string;
  /** Reads the arguments of an explicit provider; every one is a text, or JSON where the real one takes more. */
  configure(variables: Record<string, string>): Promise<Session>;
  resources: Record<string, ResourceType<Session>>;
  functions: Record<string, (session: Session, args: Props) => Promise<Props>>;
}
