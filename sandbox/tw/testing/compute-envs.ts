/** A workspace with one compute environment, for the tests of `tw compute-envs`. */
import { Answer, type Answers, WORKSPACE_ANSWERS, WORKSPACE_LINES } from "./recorder.ts";
import { twAgainst } from "./tw.ts";

/** The option that names workspace 222. */
export const W = ["-w", "nf-core/AWSmegatests"];
/** A config as a file has it. */
export const CONFIG = {
  discriminator: "aws-batch",
  region: "eu-west-1",
  workDir: "s3://bucket",
  environment: [],
  nvnmeStorageEnabled: true,
  forge: { type: "SPOT", maxCpus: 8, subnets: [] },
};
/** The one environment there is, as lists show it. */
export const LISTED = { id: "e1", name: "cpu", platform: "aws-batch", status: "AVAILABLE", primary: true };
/** The same, described, with what Forge has made of it. */
export const DESCRIBED = {
  ...LISTED,
  message: null,
  config: { ...CONFIG, computeQueue: "q", forgedResources: [{}], volumes: [] },
  labels: [{ id: 5, name: "team", value: "core", resource: true }],
};
/** Answers to all that needs no answers of its own. */
export const ANSWERS = {
  ...WORKSPACE_ANSWERS,
  "GET /credentials": { credentials: [{ id: "c1", name: "tower-awstest" }] },
  "GET /compute-envs": { computeEnvs: [LISTED] },
  "GET /compute-envs/e1": { computeEnv: DESCRIBED },
  "POST /compute-envs": { computeEnvId: "e1" },
  "POST /compute-envs/e1/primary": new Answer(204),
  "DELETE /compute-envs/e1": new Answer(204),
};
/** How credentials for a new environment are looked for. */
export const CREDENTIALS_LINE = "GET /credentials?workspaceId=222&platformId=aws-batch";
/** How an environment is found by its name. */
export const BY_NAME = [
  "GET /compute-envs?workspaceId=222",
  "GET /compute-envs/e1?workspaceId=222&attributes=labels",
];

/** One run; `rest` is what was asked after the workspace was found. */
export const after = async (args: string[], answers: Answers = ANSWERS) => {
  const run = await twAgainst(answers, args);
  return { ...run, rest: run.lines().slice(WORKSPACE_LINES.length) };
};
