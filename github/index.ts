import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { type GithubAccess, takeOver } from "./taken.ts";

export { apiRoot, variablesApi } from "./taken.ts";

/** What is published to the organization's workflows. */
export interface PublishedArgs extends GithubAccess {
  /** False publishes nothing. */
  publishToGithub: boolean;
  /** Which repositories see it. */
  githubVisibility: "all" | "private";
  /** What a compute environment's variable begins with; its key in capitals follows. */
  computeEnvironmentVariablePrefix: string;
  /** By key, e.g. `cpu`. */
  computeEnvironmentIds: Record<string, pulumi.Input<string>>;
  workspaceId: pulumi.Input<string>;
  bucket: pulumi.Input<string>;
  /** The Platform token: published as a secret. */
  token: pulumi.Input<string>;
}

/** Organization variables with the ids, and the secret with which workflows launch runs. */
export class PublishedToGithub extends pulumi.ComponentResource {
  /** Names of the variables, in alphabetical order. */
  readonly variableNames: pulumi.Output<string[]>;

  constructor(name: string, args: PublishedArgs, opts: pulumi.ComponentResourceOptions) {
    super("AWSMegatests:github:PublishedToGithub", name, {}, opts);
    const published = args.publishToGithub ? publishedVariables<pulumi.Input<string>>(args) : {};
    const made = Object.entries(published).map(
      ([variableName, value]) =>
        new github.ActionsOrganizationVariable(
          `${name}-${variableName}`,
          { variableName, value, visibility: args.githubVisibility },
          { parent: this, hooks: { onError: [takeOver(`${name}-${variableName}-taken`, args)] } },
        ),
    );
    if (args.publishToGithub)
      new github.ActionsOrganizationSecret(
        `${name}-TOWER_ACCESS_TOKEN`,
        { secretName: "TOWER_ACCESS_TOKEN", value: args.token, visibility: args.githubVisibility },
        { parent: this },
      );
    this.variableNames = pulumi.all(made.map((each) => each.variableName)).apply((names) => names.toSorted());
    this.registerOutputs({});
  }
}

/** What each variable says, by its name. */
export function publishedVariables<V>(args: {
  computeEnvironmentVariablePrefix: string;
  computeEnvironmentIds: Record<string, V>;
  workspaceId: V;
  bucket: V;
}): Record<string, V> {
  const environments = Object.entries(args.computeEnvironmentIds).map(
    ([key, id]) =>
      [`${args.computeEnvironmentVariablePrefix}${key.toUpperCase().replaceAll("-", "_")}`, id] as const,
  );
  return {
    ...Object.fromEntries(environments),
    TOWER_WORKSPACE_ID: args.workspaceId,
    AWS_S3_BUCKET: args.bucket,
  };
}
