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

/** An error of the service's client: RFC 6749, section 5.2, has the words for what the service refuses. */
export type OidcError = Error & {
  $metadata?: { httpStatusCode?: number };
  error?: string;
  error_description?: string;
};

/** Whether nothing is known of the request itself: no answer, a broken service, or something on the way that answers. */
export function isUnanswered(error: OidcError): boolean {
  const status = error.$metadata?.httpStatusCode ?? 0;
  return status === 0 || status >= 500 || [408, 429].includes(status) || error instanceof SyntaxError;
}

/** In words, whatever the service has or has not said. */
export function oidcFault(error: OidcError, region: string): Fault {
  const status = error.$metadata?.httpStatusCode;
  const reachable = "a region with IAM Identity Center, and a network that reaches it";
  if (status === undefined)
    return new Fault("AWS SSO's sign-in service cannot be reached.", {
      got: `${error.message || error.name} (region ${region})`,
      allowed: reachable,
      mend: "put right the region or the network, then run the same command again",
    });
  if (isUnanswered(error))
    return new Fault("AWS SSO's sign-in service gives no answer that can be used.", {
      got: `HTTP ${status} (region ${region})`,
      allowed: reachable,
      mend: "wait a while, then run the same command again",
    });
  return new Fault("AWS SSO's sign-in service refuses.", {
    got: [error.error ?? error.name, error.error_description ?? error.message].filter(Boolean).join(": "),
    allowed:
      "a client, a code or a token that the service has given out, before it ends and, of a code, once",
    mend: "run the same command again",
  });
}
