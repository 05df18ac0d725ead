/** What goes wrong at the sign-in service, in words. */
import { Fault } from "../../../fault.ts";

/** The portal is not known: asked again at a terminal. */
export class WrongPortal extends Fault {}

/** AWS's answer to this has no words of its own. */
export function wrongPortal(startUrl: string, region: string): WrongPortal {
  return new WrongPortal("AWS SSO does not know this start URL in this region.", {
    got: `${startUrl} in ${region}`,
    allowed:
      "the start URL that the access portal shows, and the region that IAM Identity Center is enabled in",
    mend: "give them again: --start-url URL --sso-region REGION",
  });
}

/** The service's own answers are for who has asked; what comes of none is put into words. */
export function unlessAnswered(
  error: Error & { $metadata?: { httpStatusCode?: number } },
  region: string,
): Error {
  if (error.$metadata?.httpStatusCode !== undefined) return error;
  return new Fault("AWS SSO's sign-in service cannot be reached.", {
    got: `${error.message || error.name} (region ${region})`,
    allowed: "a region with IAM Identity Center, and a network that reaches it",
    mend: "put right the region or the network, then run the same command again",
  });
}
