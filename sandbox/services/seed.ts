/** The world a fresh sandbox starts in: nf-core's names, and tokens that are random for each world. */
import { randomInt } from "node:crypto";

/** One 1Password item. */
export interface SeedItem {
  title: string;
  /** 1Password's category, for instance `LOGIN` or `API_CREDENTIAL`. */
  category: string;
  fields: SeedField[];
}

/** One field of a 1Password item. */
export interface SeedField {
  label: string;
  value: string;
  /** Marks the two built-in fields of a login. @default none */
  purpose?: "USERNAME" | "PASSWORD";
  type: "STRING" | "CONCEALED";
}

/** Names, accounts and tokens shared by all services of one world. Plain JSON. */
export interface Seed {
  /** moto's own default account, so that its ARNs need no translation. */
  awsAccountId: string;
  region: string;
  /** The infrastructure credentials: the IAM user Pulumi works as. */
  deployer: { userName: string; accessKeyId: string; secretAccessKey: string };
  /** Who Seqera Platform is in AWS: a session of Seqera's own role, in Seqera's account. */
  seqera: {
    accountId: string;
    roleName: string;
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken: string;
  };
  bucket: string;
  organization: string;
  organizationId: number;
  workspace: string;
  workspaceId: number;
  platformToken: string;
  platformUser: { id: number; userName: string; email: string };
  githubOwner: string;
  githubToken: string;
  connectToken: string;
  /** The 1Password vault the items are in. */
  vault: string;
  items: SeedItem[];
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE32 = `${UPPER}234567`;
const ALPHANUMERIC = `${UPPER}${UPPER.toLowerCase()}0123456789`;

/** @returns `length` random characters of `alphabet` */
function random(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** A new world. Every call gives other tokens and other numeric ids; the names stay. */
export function makeSeed(): Seed {
  const deployer = {
    userName: "pulumi-deployer",
    accessKeyId: `AKIA${random(16, BASE32)}`,
    secretAccessKey: random(40, ALPHANUMERIC),
  };
  const workspaceId = randomInt(10 ** 13, 10 ** 14);
  const platformToken = random(64, ALPHANUMERIC);
  const githubToken = `ghp_${random(36, ALPHANUMERIC)}`;
  return {
    awsAccountId: "123456789012",
    region: "eu-west-1",
    deployer,
    seqera: {
      accountId: "161471496260",
      roleName: "SeqeraPlatformCloudAccessRole",
      accessKeyId: `ASIA${random(16, BASE32)}`,
      secretAccessKey: random(40, ALPHANUMERIC),
      sessionToken: random(356, ALPHANUMERIC),
    },
    bucket: "nf-core-awsmegatests",
    organization: "nf-core",
    organizationId: randomInt(10 ** 13, 10 ** 14),
    workspace: "AWSmegatests",
    workspaceId,
    platformToken,
    platformUser: { id: randomInt(1000, 100_000), userName: "nf-core-bot", email: "core@nf-co.re" },
    githubOwner: "nf-core",
    githubToken,
    connectToken: random(64, ALPHANUMERIC),
    vault: "Dev",
    items: [
      {
        title: "AWS megatests",
        category: "LOGIN",
        fields: [
          { label: "username", value: deployer.accessKeyId, purpose: "USERNAME", type: "STRING" },
          { label: "password", value: deployer.secretAccessKey, purpose: "PASSWORD", type: "CONCEALED" },
        ],
      },
      {
        title: "Seqera Platform",
        category: "API_CREDENTIAL",
        fields: [
          { label: "credential", value: platformToken, type: "CONCEALED" },
          { label: "TOWER_ACCESS_TOKEN", value: platformToken, type: "CONCEALED" },
          { label: "AWSMegatests workspace ID", value: String(workspaceId), type: "STRING" },
        ],
      },
      {
        title: "GitHub nf-core PA Token Pulumi",
        category: "API_CREDENTIAL",
        fields: [
          { label: "credential", value: githubToken, type: "CONCEALED" },
          { label: "token", value: githubToken, type: "CONCEALED" },
        ],
      },
    ],
  };
}
