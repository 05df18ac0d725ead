import type { AwsCredentialIdentity } from "./source.ts";

/** What the sources work with. */
export interface Surroundings {
  /** The environment variables that the sources `environment` and `web-identity` read. */
  env: Record<string, string | undefined>;
  /** Where relative paths begin. */
  folder: string;
  /** The AWS region, e.g. `eu-west-1`. */
  region: string;
  /** Endpoint of STS instead of AWS's own. @default AWS's, or what AWS_ENDPOINT_URL_STS says */
  stsEndpoint?: string;
  /** How long a call may stay unanswered, in seconds. */
  callSeconds: number;
  /** Reads the item in 1Password, its values as they stand there. @throws Error naming vault, item and field of what is missing */
  onePassword: () => Promise<AwsCredentialIdentity>;
  /** Where the item is, and which of its fields are read, for errors. */
  onePasswordItem: {
    vault: string;
    title: string;
    accessKeyId: string;
    secretAccessKey: string;
    /** Empty where no such field is read. */
    sessionToken: string;
  };
  /** @default the system's */
  now?: () => Date;
  /**
   * Told of each secret as soon as a source has it: keys and tokens, also of a source on top of which another one works.
   * @default nobody is
   */
  onSecret?: (...secrets: (string | undefined)[]) => void;
}

/** What every client of AWS made here is told. */
export function clientConfig({ region, callSeconds }: Surroundings) {
  // Without the latter it is a warning on the console.
  const requestHandler = { requestTimeout: callSeconds * 1000, throwOnRequestTimeout: true };
  return { region, requestHandler, maxAttempts: 3 };
}

/** The same, for STS. */
export function stsConfig(surroundings: Surroundings) {
  const { stsEndpoint } = surroundings;
  return { ...clientConfig(surroundings), ...(stsEndpoint && { endpoint: stsEndpoint }) };
}
