/** From the provider's arguments to clients that work, or to an error before anything is sent. */
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { loopbackOnly } from "../kit/loopback.ts";
import {
  assume,
  credentialsOf,
  credentialsToCheck,
  requireProfile,
  validate,
  type Environment,
  type RoleToAssume,
} from "./credentials.ts";

/** What the provider has made of its arguments. */
export interface AwsSession {
  region: string;
  /** Put on everything that takes tags, unless the resource has a tag of that name. */
  defaultTags: Record<string, string>;
  /** @throws when no address on this machine is known for the service */
  iam(): IAMClient;
  /** @throws when no address on this machine is known for the service */
  s3(): S3Client;
  /** @throws when no address on this machine is known for the service */
  sts(): STSClient;
}

type Service = "iam" | "s3" | "sts";

/**
 * Configures the provider, with the real one's odd rule: `endpoints` serve resources and functions, while the check
 * of the credentials before them goes where `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL` points.
 *
 * @param variables the provider's arguments
 * @param environment of the plugin's process
 * @throws when the region or the credentials are missing or refused, or a service is not on this machine
 */
export async function configure(
  variables: Record<string, string>,
  environment: Environment = process.env,
): Promise<AwsSession> {
  const region = variables.region || environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  if (!region)
    throw new Error("Missing region configuration: set `aws:region`, or AWS_REGION in the environment");
  const named = endpointsOf(variables);
  for (const [service, url] of Object.entries(named)) await loopbackOnly(url, `endpoints.${service}`);
  const ambient = async (service: Service): Promise<string | undefined> => {
    const setting = [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, "AWS_ENDPOINT_URL"].find(
      (name) => environment[name],
    );
    return setting && (await loopbackOnly(environment[setting] as string, setting));
  };
  const endpoints: Partial<Record<Service, string>> = {
    iam: named.iam ?? (await ambient("iam")),
    s3: named.s3 ?? (await ambient("s3")),
    sts: named.sts ?? (await ambient("sts")),
  };

  await requireProfile(variables, environment);
  let credentials = credentialsOf(variables, environment);
  const skips = (name: string): boolean => variables[name] === "true";
  if (!(skips("skipCredentialsValidation") && skips("skipRequestingAccountId")))
    await validate(
      new STSClient({
        ...{ region, credentials: credentialsToCheck(variables, environment) },
        endpoint: required("sts", await ambient("sts"), true),
      }),
    );
  for (const role of json<RoleToAssume[]>(variables.assumeRoles) ?? [])
    credentials = await assume(
      role,
      new STSClient({ region, credentials, endpoint: required("sts", endpoints.sts) }),
    );

  const options = (service: Service) => ({
    region,
    credentials,
    endpoint: required(service, endpoints[service]),
  });
  const forcePathStyle = variables.s3UsePathStyle === "true";
  return {
    region,
    defaultTags: json<{ tags?: Record<string, string> }>(variables.defaultTags)?.tags ?? {},
    iam: once(() => new IAMClient(options("iam"))),
    s3: once(() => new S3Client({ ...options("s3"), forcePathStyle })),
    sts: once(() => new STSClient(options("sts"))),
  };
}

/** The `endpoints` argument is a list of records, JSON in a text as every argument that is no text. */
function endpointsOf(variables: Record<string, string>): Record<string, string> {
  return Object.assign({}, ...(json<Record<string, string>[]>(variables.endpoints) ?? [])) as Record<
    string,
    string
  >;
}

function json<T>(value: string | undefined): T | undefined {
  return value ? (JSON.parse(value) as T) : undefined;
}

function required(service: Service, endpoint: string | undefined, beforeEndpoints = false): string {
  if (endpoint) return endpoint;
  const name = service.toUpperCase();
  const remedy = beforeEndpoints
    ? "The check of the credentials ignores the provider's endpoints: start the plugin with AWS_ENDPOINT_URL_STS, or " +
      "set skipCredentialsValidation and skipRequestingAccountId"
    : `Give the provider endpoints: [{ ${service}: "http://127.0.0.1:..." }]`;
  throw new Error(
    `the stand-in aws plugin never calls the real ${name}, and has no local address for it. ${remedy}`,
  );
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
