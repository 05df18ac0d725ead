import type { States } from "./mocks.ts";
import type { SeqeraArgs } from "../seqerakit/index.ts";

/** Arguments of a SeqeraPlatform with two compute environments. */
export const SEQERA_ARGS: SeqeraArgs = {
  platformEndpoint: "https://api.cloud.seqera.io",
  organization: "nf-core",
  workspace: "AWSmegatests",
  credentialsName: "tower-awstest",
  roleName: "SeqeraPlatform",
  roleArn: undefined,
  seqeraPrincipal: "arn:aws:iam::999999999999:role/Seqera",
  region: "eu-west-1",
  bucket: "nf-core-awsmegatests",
  awsEndpoints: {},
  computeEnvironments: ["cpu", "gpu"].map((key) => `seqerakit/compute-envs/${key}.yml`),
  keyProbeSeconds: 120,
  computeEnvironmentSeconds: 1800,
  callSeconds: 60,
  pollMilliseconds: 2000,
  handOver: false,
  look: { credentials: undefined, computeEnvs: {} },
  afterPush: async () => {},
};

/** What its resources are once they are made. */
export const seqeraStates: States = {
  "pulumi:providers:command": () => ({}),
  "AWSMegatests:seqerakit:SeqeraPlatform": () => ({}),
  "command:local:Command": (_, name) => ({
    stdout: JSON.stringify(
      name === "seqera-role"
        ? { credentialsId: "c1", externalId: "ext-1" }
        : name === "seqera-role-credentials"
          ? { credentialsId: "c1", roleArn: "arn:role", status: "AVAILABLE", validated: 0, retired: {} }
          : name.endsWith("credentials")
            ? { credentialsId: "c1", accessKeyId: "AKIA1", status: "AVAILABLE", validated: 0, retired: {} }
            : { computeEnvironmentId: `${name}-1`, name, status: "AVAILABLE" },
    ),
  }),
};
