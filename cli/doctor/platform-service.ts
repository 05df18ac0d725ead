/** Seqera Platform, as it is spoken of where it does not answer. */
import type { StackConfig } from "../../config.ts";
import type { Asked } from "./ask.ts";

export function platformService({ platformEndpoint }: Pick<StackConfig, "platformEndpoint">): Asked {
  return {
    service: `Seqera Platform (${platformEndpoint})`,
    reach:
      "look whether it can be reached from here, or: pulumi config set AWSMegatests:platformEndpoint URL",
  };
}
