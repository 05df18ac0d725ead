/** What a sign-in is for, and the token that it ends with. */

/** A portal of AWS IAM Identity Center, under the name that ~/.aws/config gives it. */
export interface SsoSession {
  /** Name of the `[sso-session NAME]` section. */
  session: string;
  /** As people type it, e.g. `https://d-1234567890.awsapps.com/start`. */
  startUrl: string;
  /** The region Identity Center is enabled in, e.g. `eu-west-1`. */
  region: string;
}

/** A program that is registered at the sign-in service of a region. */
export interface OidcClient {
  clientId: string;
  clientSecret: string;
  /** From then on it has to register again. */
  registrationExpiresAt: Date;
}

/** A sign-in, with what renews it. */
export interface SsoToken extends OidcClient {
  startUrl: string;
  region: string;
  accessToken: string;
  expiresAt: Date;
  /** @default undefined where the service has given none */
  refreshToken?: string;
}
