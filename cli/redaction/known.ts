/** The secrets this process knows of: none of them is printed, in whatever form. */
import { readFileSync } from "node:fs";
import { type Form, formsOf } from "../../seqerakit/apply/redact.ts";

/** Variables that hold a secret, for the engine, the tools, or the services. */
const VARIABLES = [
  ...["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "TOWER_ACCESS_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"],
  ...["OP_SERVICE_ACCOUNT_TOKEN", "OP_CONNECT_TOKEN", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"],
];
const PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE_FILE";

const secrets = new Set<string>();
let forms: Form[] = [];

/** From now on these are not printed; short ones with the limit that {@link formsOf} sets. */
export function hide(...values: (string | undefined)[]): void {
  const before = secrets.size;
  for (const value of values) if (value) secrets.add(value);
  if (secrets.size > before) forms = formsOf([...secrets]);
}

/** All forms of all secrets known so far. */
export function hiddenForms(): Form[] {
  return forms;
}

/** The same for what the environment holds, and for the passphrase in the file it names. */
export function hideEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  hide(...VARIABLES.map((name) => env[name]), passphraseIn(env[PASSPHRASE_FILE]));
}

/** The engine says what is wrong where there is no such file. */
function passphraseIn(file: string | undefined): string | undefined {
  try {
    return file && readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
