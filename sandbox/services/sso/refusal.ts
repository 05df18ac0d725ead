/** Errors in the shapes of AWS's sign-in services. */
import type { FastifyInstance } from "fastify";

/**
 * Codes of OIDC's errors, and the HTTP status of each.
 * https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
 */
const OIDC = {
  AccessDeniedException: [400, "access_denied"],
  AuthorizationPendingException: [400, "authorization_pending"],
  ExpiredTokenException: [400, "expired_token"],
  InternalServerException: [500, "server_error"],
  InvalidClientException: [401, "invalid_client"],
  InvalidClientMetadataException: [400, "invalid_client_metadata"],
  InvalidGrantException: [400, "invalid_grant"],
  InvalidRequestException: [400, "invalid_request"],
  SlowDownException: [400, "slow_down"],
  UnsupportedGrantTypeException: [400, "unsupported_grant_type"],
} as const;

/**
 * Codes of the portal's errors, and the HTTP status of each.
 * https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
const PORTAL = {
  ForbiddenException: 403,
  InvalidRequestException: 400,
  TooManyRequestsException: 429,
  UnauthorizedException: 401,
} as const;

type OidcCode = keyof typeof OIDC;
type PortalCode = keyof typeof PORTAL;

/** A request that is refused: thrown by handlers. */
export class Refusal extends Error {
  readonly code: OidcCode | PortalCode;

  /** @param description is sent to the client: never a secret */
  constructor(code: OidcCode | PortalCode, description: string) {
    super(description);
    this.code = code;
  }
}

/** Answers with `{error, error_description}`, as the OIDC service does; the SDKs go by the header. */
export function refuseAsOidc(app: FastifyInstance): void {
  app.setErrorHandler((error: Error, _request, reply) => {
    const code = error instanceof Refusal ? (error.code as OidcCode) : "InternalServerException";
    const [status, word] = OIDC[code];
    return reply
      .code(status)
      .header("x-amzn-errortype", code)
      .send({ error: word, error_description: error.message });
  });
}

/** Answers with `{message, __type}`, as the portal does. */
export function refuseAsPortal(app: FastifyInstance): void {
  app.setErrorHandler((error: Error, _request, reply) => {
    if (!(error instanceof Refusal)) return reply.code(500).send({ message: error.message });
    return reply
      .code(PORTAL[error.code as PortalCode])
      .header("x-amzn-errortype", error.code)
      .send({ message: error.message, __type: error.code });
  });
}
