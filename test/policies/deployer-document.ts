/** docs/deployer.md, made from the code. */
import { deployerGrants } from "../../towerforge/policies/index.ts";
import { findings } from "./findings.ts";
import { deployerArgs } from "./stack-args.ts";
import { statement } from "./statement.ts";

const HEAD = `# What the deployer may do

<!-- Made by \`npm run docs\` from towerforge/policies/. -->

The infrastructure credentials need these rights to deploy the stack, to rotate its key, to refresh and to destroy it; none of them is on
Batch, on machines, or on a bucket's objects. Which right each call of the program and of Pulumi's aws provider needs was found by recording a
stack's whole life, from the first deployment to the last, on an AWS that decides by this policy: no call of it was denied, and no right is
without a call.

ACCOUNT, USER, ROLE, PREFIX and BUCKET stand for the stack's own: \`userName\`, \`roleName\`, \`policyPrefix\`, \`bucket\`.

## For your account

\`\`\`sh
npm run --silent policies -- --document Deployer --account 111122223333 > deployer.json
aws iam create-policy --policy-name megatests-deployer --policy-document file://deployer.json
\`\`\`

\`--stack Pulumi.NAME.yaml\` takes another stack's settings. Attach the policy to the user or role whose credentials the program is given.
Statements marked \`key\` and \`role\` are there in that \`credentialMode\`; \`--switching\` gives both, for the deployment that changes the mode.
Those marked \`create\` are there with \`bucketMode: create\`. Renaming the user, the role or the policies takes the rights under both names.`;

const REMAINS = `## What remains

| what | what limits it | what closes it |
| --- | --- | --- |
| write any right into the three policies, and so give it to the user or role that holds them | their names, and whom they are attached to: no other user, role or group can be changed, and nobody else's key be made | an AWS account for Batch alone; a service control policy that denies the user or role what no lab needs of Batch (a permissions boundary alone does not: a user that is made again has none) |
| read the settings of the work bucket | no object of it, and no other bucket | nothing to close |`;

/** The document. */
export function deployerDocument(): string {
  const place = { account: "ACCOUNT", region: "REGION", bucketArn: "arn:aws:s3:::BUCKET" };
  const names = { userName: "USER", roleName: "ROLE", policyPrefix: "PREFIX" };
  const all = deployerArgs({ ...place, ...names, credentialModes: ["key", "role"], bucketMode: "create" });
  const without = (changes: Partial<typeof all>) => sids({ ...all, ...changes });
  const marks = new Map<string, string>();
  for (const sid of without({ credentialModes: ["role"] })) marks.set(sid, "role");
  for (const sid of without({ credentialModes: ["key"] })) marks.set(sid, marks.has(sid) ? "" : "key");
  const imported = without({ bucketMode: "import" });
  return [
    HEAD,
    "## The statements",
    ...deployerGrants(all).map((grant) => {
      const mark = imported.includes(grant.sid) ? marks.get(grant.sid) : "create";
      return statement(grant, mark ? `(${mark})` : undefined);
    }),
    REMAINS,
    findings(({ policies }) => policies.includes("Deployer")),
    "",
  ].join("\n\n");
}

function sids(args: Parameters<typeof deployerGrants>[0]): string[] {
  return deployerGrants(args).map(({ sid }) => sid);
}
