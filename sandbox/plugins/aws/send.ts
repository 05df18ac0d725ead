/** Calls to AWS, with errors worded as the Terraform provider words them. */

/** What every client of the AWS SDK has. */
interface Client {
  config: { serviceId: string };
}

/** A command of the AWS SDK, by the one member that tells what it is answered with. */
interface Command<Output> {
  resolveMiddleware(...given: never[]): (...given: never[]) => Promise<{ output: Output }>;
}

/** Codes by which S3 says that a bucket does not exist; a HEAD answer has no body, and so only its status. */
export const NO_BUCKET = ["NoSuchBucket", "NotFound"];

/** An answer of AWS that is an error. */
export class AwsError extends Error {
  /** AWS's error code, for instance `LimitExceeded`. */
  readonly code: string;

  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Sends `command`; an error names what was being done (`doing`), the operation and the request. */
export async function send<Output>(doing: string, client: Client, command: Command<Output>): Promise<Output> {
  try {
    return await (client as unknown as { send(command: Command<Output>): Promise<Output> }).send(command);
  } catch (error) {
    const operation = command.constructor.name.replace(/Command$/, "");
    throw translated(`${doing}: operation error ${client.config.serviceId}: ${operation}`, error);
  }
}

/** Gives undefined in place of one of the errors in `codes`: what was asked for does not exist. */
export function unless<T>(codes: readonly string[], call: Promise<T>): Promise<T | undefined> {
  return call.catch((error: unknown) => {
    if (error instanceof AwsError && codes.includes(error.code)) return undefined;
    throw error;
  });
}

/** The shape of an error of the AWS SDK; `Code` is what the XML said where that differs from the class's name. */
interface SdkError extends Error {
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

function translated(doing: string, error: unknown): AwsError {
  const { name, message, $metadata, constructor } = error as SdkError;
  const code = name.replace(/Exception$/, "");
  if ($metadata?.httpStatusCode === undefined)
    return new AwsError(`${doing}, ${name}: ${message}`, code, error);
  const answer = `https response error StatusCode: ${$metadata.httpStatusCode}, RequestID: ${$metadata.requestId}`;
  // Terraform's SDK says "api error" of errors that the service's model does not list.
  const kind = constructor.name === name ? "" : "api error ";
  return new AwsError(`${doing}, ${answer}, ${kind}${code}: ${message}`, code, error);
}
