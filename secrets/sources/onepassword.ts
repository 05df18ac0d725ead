import { complete } from "./complete.ts";
import type { Source } from "./source.ts";
import type { Surroundings } from "./surroundings.ts";

/** An access key in an item of 1Password. The reading is handed in: the program does it by its provider. */
export function onePasswordSource({ onePassword, onePasswordItem }: Surroundings): Source {
  const { vault, title, ...labels } = onePasswordItem;
  const place = `1Password, vault ${vault}, item ${title}`;
  const mend =
    "name the field that holds it: pulumi config set AWSMegatests:awsSessionTokenField LABEL; or put a key that does not end into the item";
  return {
    title: "1Password",
    grade: "encrypted",
    load: async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await onePassword();
      return complete(
        place,
        {
          accessKeyId: [labels.accessKeyId, accessKeyId],
          secretAccessKey: [labels.secretAccessKey, secretAccessKey],
          sessionToken: [labels.sessionToken || "session token", sessionToken],
        },
        mend,
      );
    },
  };
}
