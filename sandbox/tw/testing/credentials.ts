/** A workspace with one set of credentials, for the tests of `tw credentials`. */
import { Answer, WORKSPACE_ANSWERS } from "./recorder.ts";

/** The option that names workspace 222. */
export const W = ["-w", "nf-core/AWSmegatests"];
/** The credentials there are. */
export const EXISTING = {
  id: "c1",
  name: "tower-awstest",
  provider: "aws",
  keys: { discriminator: "aws", accessKey: "AKIAOLD" },
  lastUsed: null,
};
/** Answers to all that needs no answers of its own. */
export const ANSWERS = {
  ...WORKSPACE_ANSWERS,
  "GET /credentials": { credentials: [EXISTING] },
  "GET /credentials/c1": { credentials: EXISTING },
  "POST /credentials": { credentialsId: "c2" },
  "PUT /credentials/c1": {},
  "DELETE /credentials/c1": new Answer(204),
};
