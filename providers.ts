import * as onepassword from "@1password/pulumi-onepassword";
import * as aws from "@pulumi/aws";
import * as github from "@pulumi/github";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** What the providers are fed with. */
export interface ProvidersArgs {
  /** The AWS region, e.g. `eu-west-1`. */
  region: string;
  /** Service endpoints by name instead of AWS's own; one on loopback is taken for an imitation. */
  awsEndpoints: { iam?: string; s3?: string; sts?: string; batch?: string };
  githubOwner: string;
  /** False makes no GitHub provider: without a token it would look for one in the environment. */
  publishToGithub: boolean;
  /** Base URL of a GitHub Enterprise server. Empty is github.com. */
  githubBaseUrl: string;
}

/** The credentials the aws and github providers work with: none is taken from environment variables. */
export interface ProvidersCredentials {
  aws: {
    accessKeyId: pulumi.Input<string>;
    secretAccessKey: pulumi.Input<string>;
    /** Of temporary credentials. */
    sessionToken?: pulumi.Input<string>;
  };
  github: { token: pulumi.Input<string> };
}

/** How 1Password is reached: with a service account's token, or by a Connect server. */
export type OnePasswordArgs =
  { serviceAccountToken: pulumi.Input<string> } | { connectHost: string; connectToken: pulumi.Input<string> };

/** The explicit 1Password provider. */
export function onePasswordProvider(connection: OnePasswordArgs): onepassword.Provider {
  const args =
    "connectHost" in connection
      ? { url: connection.connectHost, token: connection.connectToken }
      : { serviceAccountToken: connection.serviceAccountToken };
  return new onepassword.Provider("onepassword", args);
}

/** The explicit providers of every stage. The project disables default ones, so a resource without one is an error. */
export function makeProviders(args: ProvidersArgs, credentials: ProvidersCredentials) {
  return {
    aws: awsProvider(args, credentials),
    command: new command.Provider("command"),
    github: args.publishToGithub ? githubProvider(args, credentials) : undefined,
  };
}

function awsProvider({ region, awsEndpoints }: ProvidersArgs, { aws: key }: ProvidersCredentials) {
  const imitated = Object.values(awsEndpoints).some(onLoopback);
  return new aws.Provider("aws", {
    region: region as aws.Region,
    accessKey: key.accessKeyId,
    secretKey: key.secretAccessKey,
    // Left out, they would be taken from AWS_SESSION_TOKEN and AWS_PROFILE when the credentials are checked
    // (validateCredentials in pulumi-aws's provider/resources.go). The SDK drops a plain empty token.
    token: key.sessionToken ?? pulumi.output(""),
    profile: "",
    endpoints: Object.keys(awsEndpoints).length > 0 ? [awsEndpoints] : undefined,
    // The provider checks credentials and account at AWS's own addresses, whatever the endpoints; a bucket's
    // host name does not resolve on loopback.
    skipCredentialsValidation: imitated,
    skipRequestingAccountId: imitated,
    s3UsePathStyle: imitated,
    skipMetadataApiCheck: true,
  });
}

function githubProvider(
  { githubOwner, githubBaseUrl }: ProvidersArgs,
  { github: { token } }: ProvidersCredentials,
) {
  return new github.Provider("github", {
    owner: githubOwner,
    token,
    // Left out, it would be taken from the environment.
    baseUrl: githubBaseUrl || "https://api.github.com/",
  });
}

function onLoopback(endpoint: string | undefined): boolean {
  return endpoint !== undefined && ["localhost", "127.0.0.1", "[::1]"].includes(new URL(endpoint).hostname);
}
