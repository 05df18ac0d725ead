/** The part about the stack's credentials on Seqera Platform. */
import type { PlatformCredentials } from "../../seqerakit/index.ts";
import type { Part, Wrong } from "./part.ts";

const UP = "pulumi up";

/** As the Platform lists them. */
export type Credentials = PlatformCredentials[];

/** How the stack's own must be. */
export interface OwnCredentials {
  name: string;
  /** ARN of the role that they assume; undefined where they hold a key. */
  roleArn: string | undefined;
  /** Id of the key that they hold; undefined where the state has none. */
  keyId: string | undefined;
}

/** Those of this name, of AWS. */
export function ownOf(all: Credentials, { name }: OwnCredentials): Credentials {
  return all.filter((each) => each.name === name && each.provider === "aws");
}

/** One set of them, which works, by what the stack has in AWS. */
export function credentialsPart(all: Credentials, expected: OwnCredentials): Omit<Part, "name"> {
  const { name: ownName, roleArn, keyId } = expected;
  const data = ownOf(all, expected).map(({ id, name, status, keys }) => ({
    ...{ id, name, status: status ?? null },
    ...{ accessKeyId: keys?.accessKey ?? null, roleArn: keys?.assumeRoleArn ?? null },
  }));
  const wanted = roleArn ?? keyId;
  const has = (each: (typeof data)[number]) => (roleArn === undefined ? each.accessKeyId : each.roleArn);
  const [verb, thing] = roleArn === undefined ? ["hold", "key"] : ["assume", "role"];
  const wrong: Wrong[] = data.flatMap((each) => [
    ...(each.status === "AVAILABLE"
      ? []
      : [{ found: `the credentials ${each.name} are ${each.status ?? "of no status"}`, mend: UP }]),
    ...(has(each) === wanted
      ? []
      : [
          {
            found: `the credentials ${each.name} ${verb} ${has(each) ?? `no ${thing}`}, the stack has ${wanted ?? "none"}`,
            mend: UP,
          },
        ]),
  ]);
  if (data.length === 0) wrong.push({ found: `there are no credentials ${ownName}`, mend: UP });
  if (data.length > 1)
    wrong.push({
      found: `${data.length} sets of credentials are named ${ownName}`,
      mend: "delete or rename the others on Seqera Platform",
    });
  const lines = data.map((each): [string, string] => [
    `${each.name} (${each.id})`,
    `${each.status ?? "of no status"}, with ${has(each) ?? `no ${thing}`}`,
  ]);
  return { lines: lines.length > 0 ? lines : [[ownName, "none"]], data, wrong };
}
